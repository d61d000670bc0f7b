import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueDepth, Queues } from '../../core/ports.ts';

type Urls = Readonly<Record<QueueDepth['name'], string>>;

const mostMoved = 100;
const batch = 10;

const depthOf = async (client: SQSClient, name: QueueDepth['name'], url: string): Promise<QueueDepth> => {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    name,
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
};

const received = async (client: SQSClient, url: string): Promise<readonly Message[]> => {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: batch, MessageSystemAttributeNames: ['MessageGroupId'] }),
  );
  return Messages;
};

/** Sent before it is deleted: a job may come twice, and is never lost. */
const move = async (client: SQSClient, urls: Urls, message: Message): Promise<void> => {
  await client.send(
    new SendMessageCommand({
      QueueUrl: urls.jobs,
      MessageBody: message.Body,
      MessageGroupId: message.Attributes?.MessageGroupId ?? 'redriven',
      MessageDeduplicationId: `redrive/${message.MessageId}`,
    }),
  );
  await client.send(new DeleteMessageCommand({ QueueUrl: urls['dead-jobs'], ReceiptHandle: message.ReceiptHandle }));
};

/** The queue of scheduled work and its dead letters. */
export const sqsQueues = (client: SQSClient, urls: Urls): Queues => ({
  depths: () => Promise.all([depthOf(client, 'jobs', urls.jobs), depthOf(client, 'dead-jobs', urls['dead-jobs'])]),
  async redrive() {
    let moved = 0;
    while (moved < mostMoved) {
      const messages = await received(client, urls['dead-jobs']);
      if (messages.length === 0) break;
      for (const message of messages) await move(client, urls, message);
      moved += messages.length;
    }
    return moved;
  },
});
