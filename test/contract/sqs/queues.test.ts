import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../../local/clock/clock.ts';
import { startSqs } from '../../../local/sqs/start.ts';
import { sqsQueues } from '../../../platform/aws/queues.ts';

const region = 'eu-central-1';
const queues = ['jobs.fifo', 'dead.fifo'].map((name) => ({ name, properties: { FifoQueue: true } }));

const start = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'patina-test-'));
  const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false });
  const sqs = await startSqs({ dataDir, authorize: () => undefined, region, accountId: '000000000000', queues, clock });
  const client = new SQSClient({
    endpoint: sqs.url,
    region,
    maxAttempts: 1,
    credentials: { accessKeyId: 'KEY', secretAccessKey: 'local' },
  });
  onTestFinished(async () => {
    client.destroy();
    clock.close();
    await sqs.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const [jobs, dead] = [sqs.queueUrl('jobs.fifo'), sqs.queueUrl('dead.fifo')];
  return { client, jobs, dead, queues: sqsQueues(client, { jobs, 'dead-jobs': dead }) };
};

it('tells what waits, and moves dead jobs back whole, in their groups, and only once', async () => {
  const { client, jobs, dead, queues: both } = await start();
  for (let n = 0; n < 12; n += 1)
    await client.send(
      new SendMessageCommand({ QueueUrl: dead, MessageBody: `job ${n}`, MessageGroupId: `group-${n}`, MessageDeduplicationId: `${n}` }),
    );
  expect(await both.depths()).toEqual([
    { name: 'jobs', waiting: 0, inFlight: 0 },
    { name: 'dead-jobs', waiting: 12, inFlight: 0 },
  ]);
  expect(await both.redrive()).toBe(12);
  expect(await both.redrive()).toBe(0);
  expect(await both.depths()).toEqual([
    { name: 'jobs', waiting: 12, inFlight: 0 },
    { name: 'dead-jobs', waiting: 0, inFlight: 0 },
  ]);
  const received = await client.send(
    new ReceiveMessageCommand({ QueueUrl: jobs, MaxNumberOfMessages: 1, MessageSystemAttributeNames: ['MessageGroupId'] }),
  );
  expect(received.Messages).toMatchObject([{ Body: 'job 0', Attributes: { MessageGroupId: 'group-0' } }]);
});
