import * as z from 'zod';

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

export class QueueRefusal extends Error {
  override readonly name = 'QueueRefusal';
}

async function call({ url, caller, signal }: QueueClientOptions, operation: string, body: object): Promise<unknown> {
  const response = await fetch(new URL(url).origin, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `AmazonSQS.${operation}`,
      Authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20300101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=local`,
    },
    body: JSON.stringify({ ...body, QueueUrl: url }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  if (!response.ok) throw new QueueRefusal(`${operation} on ${url} was refused: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

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
