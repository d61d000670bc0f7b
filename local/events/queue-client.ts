import * as z from 'zod';
import { askService } from '../protocol/signed.ts';

export interface QueueClientOptions {
  readonly url: string;
  /** The access key id or service principal in whose name the queue is used. */
  readonly caller: string;
  readonly signal?: AbortSignal;
}

const message = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string().default(''),
  MD5OfBody: z.string().optional(),
  Attributes: z.record(z.string(), z.string()).default({}),
  MessageAttributes: z.record(z.string(), z.json()).default({}),
});

export type Message = z.infer<typeof message>;

const received = z.object({ Messages: z.array(message).nullish() });

const call = ({ url, ...by }: QueueClientOptions, operation: string, body: object): Promise<unknown> =>
  askService({ ...by, url: new URL(url).origin, target: `AmazonSQS.${operation}`, version: '1.0', body: { ...body, QueueUrl: url } });

export interface ReceiveOptions {
  readonly maxMessages: number;
  readonly waitSeconds: number;
}

export async function receive(queue: QueueClientOptions, { maxMessages, waitSeconds }: ReceiveOptions): Promise<Message[]> {
  const answer = await call(queue, 'ReceiveMessage', {
    MaxNumberOfMessages: maxMessages,
    WaitTimeSeconds: waitSeconds,
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return received.parse(answer).Messages ?? [];
}

export async function remove(queue: QueueClientOptions, messages: readonly Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  if (Entries.length > 0) await call(queue, 'DeleteMessageBatch', { Entries });
}

export interface NewMessage {
  readonly body: string;
  readonly messageGroupId?: string;
  readonly deduplicationId?: string;
}

export async function send(queue: QueueClientOptions, { body, messageGroupId, deduplicationId }: NewMessage): Promise<void> {
  await call(queue, 'SendMessage', { MessageBody: body, MessageGroupId: messageGroupId, MessageDeduplicationId: deduplicationId });
}
