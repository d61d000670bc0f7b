import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClock, type HostClock } from '../../../local/clock/clock.ts';
import { AccessDenied, type AccessRequest } from '../../../local/ports.ts';
import { type SqsOptions, startSqs } from '../../../local/sqs/start.ts';

const region = 'eu-central-1';
const deadArn = `arn:aws:sqs:${region}:000000000000:dead.fifo`;
const queues = [
  {
    name: 'jobs.fifo',
    properties: {
      FifoQueue: true,
      ContentBasedDeduplication: true,
      VisibilityTimeout: 60,
      MaximumMessageSize: 2048,
      RedrivePolicy: { deadLetterTargetArn: deadArn, maxReceiveCount: 2 },
    },
  },
  { name: 'dead.fifo', properties: { FifoQueue: true, SqsManagedSseEnabled: true } },
];

const temporaryDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'patina-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

const clientOf = (url: string, accessKeyId = 'KEY') =>
  new SQSClient({ endpoint: url, region, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey: 'local' } });

const start = async (options: Partial<SqsOptions> & { clock?: HostClock } = {}) => {
  const clock = options.clock ?? createClock({ mode: 'accelerated', rate: 1, skipIdle: false });
  const sqs = await startSqs({
    dataDir: options.dataDir ?? temporaryDir(),
    authorize: () => undefined,
    region,
    accountId: '000000000000',
    queues,
    ...options,
    clock,
  });
  onTestFinished(async () => {
    clock.close();
    await sqs.close();
  });
  const client = clientOf(sqs.url);
  const QueueUrl = sqs.queueUrl('jobs.fifo');
  const send = (MessageBody: string, group = 'g') => client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: group }));
  const receive = async (url = QueueUrl, WaitTimeSeconds = 0) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds, MaxNumberOfMessages: 10 }))).Messages ?? [];
  return { sqs, client, clock, QueueUrl, send, receive };
};

describe('the queues of the template', () => {
  it('are reached through their URL and through their name', async () => {
    const { client, QueueUrl, send, receive } = await start();
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'jobs.fifo' }))).QueueUrl).toBe(QueueUrl);
    await send('one');
    expect((await receive()).map(({ Body }) => Body)).toEqual(['one']);
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      FifoQueue: 'true',
      VisibilityTimeout: '60',
      QueueArn: `arn:aws:sqs:${region}:000000000000:jobs.fifo`,
    });
  });

  it('keep the order within a group and drop a repeated body', async () => {
    const { client, send, receive, QueueUrl } = await start();
    await send('one');
    await send('one');
    await send('two');
    const bodies: string[] = [];
    for (let messages = await receive(); messages.length > 0; messages = await receive()) {
      for (const { Body = '', ReceiptHandle } of messages) {
        bodies.push(Body);
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    expect(bodies).toEqual(['one', 'two']);
  });

  it('refuse a message above the size of the template', async () => {
    const { send } = await start();
    await expect(send('x'.repeat(2049))).rejects.toThrow();
  });

  it('deliver again when the visibility timeout is over on the host’s clock, and then to the dead-letter queue', async () => {
    const { sqs, clock, send, receive } = await start();
    await send('poison');
    for (const _attempt of [1, 2]) {
      expect(await receive()).toHaveLength(1);
      expect(await receive()).toHaveLength(0);
      await clock.advance(61_000);
    }
    expect(await receive()).toHaveLength(0);
    expect((await receive(sqs.queueUrl('dead.fifo'))).map(({ Body }) => Body)).toEqual(['poison']);
  });

  it('let a receive wait for a message', async () => {
    const { send, receive, QueueUrl } = await start();
    const waiting = receive(QueueUrl, 20);
    await send('late');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['late']);
  });

  it('survive a restart with their messages and take the new attributes', async () => {
    const dataDir = temporaryDir();
    const first = await start({ dataDir });
    await first.send('kept');
    await first.sqs.close();
    const changed = queues.map((queue) => ({ ...queue, properties: { ...queue.properties, VisibilityTimeout: 90 } }));
    const { client, receive, QueueUrl } = await start({ dataDir, queues: changed });
    expect((await receive()).map(({ Body }) => Body)).toEqual(['kept']);
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ VisibilityTimeout: '90' });
  });

  it('cannot be made over the API, and unknown properties stop the start', async () => {
    const { client } = await start();
    await expect(client.send(new CreateQueueCommand({ QueueName: 'other' }))).rejects.toThrow('CreateQueue is not available on this host');
    await expect(start({ queues: [{ name: 'q', properties: { Visibility: 1 } }] })).rejects.toThrow('Visibility');
  });
});

describe('permission', () => {
  it('is asked of the key that signed, for the queue’s ARN, and a batch needs what one message needs', async () => {
    const asked: AccessRequest[] = [];
    const authorize = (request: AccessRequest) => {
      asked.push(request);
      if (request.caller !== 'ALLOWED') throw new AccessDenied(`${request.caller} may not ${request.action}`);
    };
    const { sqs, QueueUrl } = await start({ authorize });
    const Entries = [{ Id: 'a', MessageBody: 'b', MessageGroupId: 'g' }];
    await expect(clientOf(sqs.url, 'DENIED').send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toThrow(
      expect.objectContaining({ name: 'AccessDeniedException', message: 'DENIED may not sqs:SendMessage' }),
    );
    const sent = await clientOf(sqs.url, 'ALLOWED').send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(sent.Successful).toHaveLength(1);
    expect(asked[1]).toEqual({ caller: 'ALLOWED', action: 'sqs:SendMessage', resource: `arn:aws:sqs:${region}:000000000000:jobs.fifo` });
  });
});
