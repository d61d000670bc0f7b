import { setTimeout as realTime } from 'node:timers/promises';
import * as z from 'zod';
import { accessKeyOf } from '../access-keys.ts';
import type { Application } from '../assembly/application.ts';
import { functionNameOf } from '../assembly/identity.ts';
import { readProperties } from '../assembly/read-properties.ts';
import type { HostClock } from '../clock/clock.ts';
import type { InvokeAnswer } from '../ports.ts';
import { type Message, receive, remove } from './queue-client.ts';

export interface QueueSource {
  readonly queueName: string;
  readonly queueArn: string;
  /** Function or alias ARN. */
  readonly functionName: string;
  readonly batchSize: number;
  readonly reportsBatchItemFailures: boolean;
  readonly maximumConcurrency: number;
}

export interface QueueSourceOptions {
  readonly source: QueueSource;
  readonly queueUrl: string;
  readonly region: string;
  readonly clock: HostClock;
  readonly run: (functionName: string, payload: string) => Promise<InvokeAnswer>;
  readonly log: (line: string) => void;
}

const WAIT_SECONDS = 20;
const AFTER_FAILURE_MS = 1000;

const properties = z.object({
  EventSourceArn: z.string().startsWith('arn:aws:sqs:'),
  FunctionName: z.string(),
  BatchSize: z.number().max(10).default(10),
  Enabled: z.literal(true).default(true),
  MaximumBatchingWindowInSeconds: z.literal(0).default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }).default({ MaximumConcurrency: 5 }),
  FilterCriteria: z.never().optional(),
  DestinationConfig: z.never().optional(),
});

/** The queues that feed functions; throws `AssemblyError` for sources and settings that the host does not know. */
export function queueSourcesOf(application: Application): QueueSource[] {
  return application.ofType('AWS::Lambda::EventSourceMapping').map((resource) => {
    const { EventSourceArn, FunctionName, BatchSize, FunctionResponseTypes, ScalingConfig } = readProperties(resource, properties);
    return {
      queueName: EventSourceArn.split(':')[5] ?? '',
      queueArn: EventSourceArn,
      functionName: FunctionName,
      batchSize: BatchSize,
      reportsBatchItemFailures: FunctionResponseTypes.length > 0,
      maximumConcurrency: ScalingConfig.MaximumConcurrency,
    };
  });
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

const lowerKeys = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries<unknown>(Object(value)).map(([key, each]) => [lowerFirst(key), each]));

function eventOf(messages: readonly Message[], { source, region }: QueueSourceOptions): string {
  const Records = messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: Object.fromEntries(Object.entries(message.MessageAttributes).map(([name, each]) => [name, lowerKeys(each)])),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: source.queueArn,
    awsRegion: region,
  }));
  return JSON.stringify({ Records });
}

const batchAnswer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() }).nullable();

/** The messages that the function has done. As on AWS, an answer that names no message of the batch, or none at all, fails them all. */
export function doneOf(messages: readonly Message[], answer: InvokeAnswer, reportsBatchItemFailures: boolean): readonly Message[] {
  if (answer.functionError !== undefined) return [];
  if (!reportsBatchItemFailures) return messages;
  const parsed = batchAnswer.safeParse(JSON.parse(answer.payload));
  if (!parsed.success) return [];
  const failed = new Set(parsed.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
  const known = messages.filter(({ MessageId }) => failed.has(MessageId));
  return known.length === failed.size ? messages.filter(({ MessageId }) => !failed.has(MessageId)) : [];
}

/** Feeds a function from a queue, in the name of the function's role as Lambda does. What fails stays in the queue until it is visible again. */
export function startQueueSource(options: QueueSourceOptions): { close(): Promise<void> } {
  const { source, queueUrl, clock, run, log } = options;
  const stop = new AbortController();
  const queue = { url: queueUrl, caller: accessKeyOf(functionNameOf(source.functionName)), signal: stop.signal };
  const running = new Set<Promise<void>>();

  const process = async (messages: readonly Message[]) => {
    const release = clock.busy();
    try {
      const answer = await run(source.functionName, eventOf(messages, options));
      await remove(queue, doneOf(messages, answer, source.reportsBatchItemFailures));
    } finally {
      release();
    }
  };

  const complain = async (error: unknown) => {
    if (stop.signal.aborted) return;
    log(JSON.stringify({ level: 'ERROR', message: `polling ${source.queueName} failed`, error: String(error) }));
    await realTime(AFTER_FAILURE_MS, undefined, { ref: false });
  };

  const begin = (messages: readonly Message[]) => {
    const one: Promise<void> = process(messages)
      .catch(complain)
      .finally(() => running.delete(one));
    running.add(one);
  };

  const poll = async () => {
    while (!stop.signal.aborted) {
      if (running.size >= source.maximumConcurrency) await Promise.race(running);
      const messages = await receive(queue, { maxMessages: source.batchSize, waitSeconds: WAIT_SECONDS });
      if (messages.length > 0) begin(messages);
    }
  };

  const polling = (async () => {
    while (!stop.signal.aborted) await poll().catch(complain);
  })();
  return {
    async close() {
      stop.abort();
      await polling;
    },
  };
}
