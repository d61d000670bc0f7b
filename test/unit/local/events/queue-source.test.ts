import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../../local/clock/clock.ts';
import { queueSourcesOf, startQueueSource } from '../../../../local/events/queue-source.ts';
import { listen, stopListening } from '../../../../local/listen.ts';
import { openFixture } from '../../../support/assembly.ts';

interface Call {
  operation: string;
  caller: string;
  body: Record<string, unknown>;
}

let server: Server;
let url: string;
let waiting: object[][];
let calls: Call[];
let sources: { close(): Promise<void> }[];

/** A queue that hands out the given batches, one for each receive, and then lets receivers wait. */
beforeEach(async () => {
  waiting = [];
  calls = [];
  sources = [];
  server = createServer(async (incoming, outgoing) => {
    const body = JSON.parse(Buffer.concat(await incoming.toArray()).toString());
    const operation = String(incoming.headers['x-amz-target']).replace('AmazonSQS.', '');
    const caller = /Credential=([^/]+)/.exec(String(incoming.headers.authorization))?.[1] ?? '';
    calls.push({ operation, caller, body });
    const Messages = operation === 'ReceiveMessage' ? waiting.shift() : [];
    if (Messages !== undefined) outgoing.end(JSON.stringify({ Messages }));
  });
  url = `http://127.0.0.1:${await listen(server)}/000000000000/jobs.fifo`;
});

afterEach(async () => {
  await Promise.all(sources.map((source) => source.close()));
  await stopListening(server);
});

const message = (id: string) => ({
  MessageId: id,
  ReceiptHandle: `receipt-${id}`,
  Body: `body-${id}`,
  Attributes: { MessageGroupId: 'g' },
});

interface Answer {
  payload: string;
  functionError?: 'Unhandled';
}

function start(answer: () => Answer | Promise<Answer>, mapping: object = {}) {
  const Properties = {
    EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs.fifo',
    FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:events:live',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...mapping,
  };
  const [source] = queueSourcesOf(
    openFixture({ stacks: { App: { Resources: { Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties } } } } }),
  );
  if (source === undefined) throw new Error('no source');
  const events: { Records: Record<string, unknown>[] }[] = [];
  const run = async (_: string, payload: string) => {
    events.push(JSON.parse(payload));
    return answer();
  };
  sources.push(
    startQueueSource({ source, queueUrl: url, region: 'us-east-1', clock: createClock({ mode: 'real' }), run, log: () => undefined }),
  );
  return events;
}

async function called(operation: string): Promise<Call> {
  for (;;) {
    const found = calls.find((call) => call.operation === operation);
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function receives(count: number): Promise<void> {
  while (calls.filter(({ operation }) => operation === 'ReceiveMessage').length < count)
    await new Promise((resolve) => setImmediate(resolve));
}

describe('a queue that feeds a function', () => {
  it('hands over its messages as Lambda does, in the name of the function', async () => {
    waiting = [[message('a')]];
    const events = start(() => ({ payload: '{}' }));
    const { caller, body } = await called('DeleteMessageBatch');
    expect(caller).toBe('AKIALOCAL-events');
    expect(body).toEqual({ QueueUrl: url, Entries: [{ Id: '0', ReceiptHandle: 'receipt-a' }] });
    expect(events[0]?.Records[0]).toMatchObject({
      messageId: 'a',
      receiptHandle: 'receipt-a',
      body: 'body-a',
      attributes: { MessageGroupId: 'g' },
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:jobs.fifo',
    });
  });

  it('keeps the messages that the function names as failed', async () => {
    waiting = [[message('a'), message('b')]];
    start(() => ({ payload: '{"batchItemFailures":[{"itemIdentifier":"a"}]}' }));
    expect((await called('DeleteMessageBatch')).body['Entries']).toEqual([{ Id: '0', ReceiptHandle: 'receipt-b' }]);
  });

  it.each([
    ['a function that fails', { payload: '{}', functionError: 'Unhandled' as const }],
    ['an answer that names a message of another batch', { payload: '{"batchItemFailures":[{"itemIdentifier":"zzz"}]}' }],
    ['an answer that is no list of failures', { payload: '{"batchItemFailures":"a"}' }],
  ])('keeps all messages after %s', async (_, answer) => {
    waiting = [[message('a')], []];
    start(() => answer);
    await receives(3);
    expect(calls.filter(({ operation }) => operation === 'DeleteMessageBatch')).toEqual([]);
  });

  it('has at most its maximum concurrency in the function', async () => {
    waiting = [[message('a')], [message('b')], [message('c')]];
    const held = Promise.withResolvers<void>();
    let inFunction = 0;
    const events = start(
      async () => {
        inFunction += 1;
        if (inFunction <= 2) await held.promise;
        return { payload: '{}' };
      },
      { ScalingConfig: { MaximumConcurrency: 2 } },
    );
    while (events.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await fetch(url, { method: 'POST', body: '{}', headers: { 'X-Amz-Target': 'AmazonSQS.Probe' } });
    expect(calls.filter(({ operation }) => operation === 'ReceiveMessage')).toHaveLength(2);
    held.resolve();
    await receives(4);
    expect(events).toHaveLength(3);
  });

  it.each([
    ['a filter', { FilterCriteria: {} }],
    ['a stream', { EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/x' }],
  ])('stops the boot when it has %s', (_, mapping) => {
    expect(() => start(() => ({ payload: '{}' }), mapping)).toThrow(
      'App/Mapping (AWS::Lambda::EventSourceMapping) is more than the host implements',
    );
  });
});
