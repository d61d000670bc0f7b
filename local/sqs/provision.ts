import type { QueueEngine } from './engine.ts';
import { attributesOf, type QueueSpec } from './queues.ts';

/** Makes the queue, or brings one from an earlier start to the template's attributes; its messages stay. */
export const createQueue = async (engine: QueueEngine, queue: QueueSpec, region: string): Promise<void> => {
  const ask = (operation: string, body: object) =>
    engine.send({ target: `AmazonSQS.${operation}`, authorization: hostAuthorization(region), body: JSON.stringify(body) });
  const { fixed, settable } = attributesOf(queue);
  const known = await ask('GetQueueUrl', { QueueName: queue.name });
  const answer =
    known.status === 200
      ? await ask('SetQueueAttributes', { QueueUrl: JSON.parse(known.body).QueueUrl, Attributes: settable })
      : await ask('CreateQueue', { QueueName: queue.name, Attributes: { ...fixed, ...settable } });
  if (answer.status !== 200) throw new Error(`queue ${queue.name} cannot be made: ${answer.body}`);
};

/** The implementation reads the region from here, and nothing else. */
const hostAuthorization = (region: string): string => `AWS4-HMAC-SHA256 Credential=HOST/20000101/${region}/sqs/aws4_request`;
