import { mkdirSync } from 'node:fs';
import type { HostClock } from '../clock/clock.ts';
import type { Authorize } from '../ports.ts';
import { type HttpAnswer, type HttpCall, startHttpEndpoint } from '../protocol/http-endpoint.ts';
import { type QueueEngine, startEngine } from './engine.ts';
import { createQueue } from './provision.ts';
import { deadLetterQueuesFirst, type QueueSpec } from './queues.ts';
import { queueRequestOf } from './requests.ts';

export interface SqsOptions {
  dataDir: string;
  clock: HostClock;
  authorize: Authorize;
  region: string;
  /** The implementation behind knows only `000000000000`. */
  accountId: string;
  queues: readonly QueueSpec[];
}

export interface LocalSqs {
  /** For AWS_ENDPOINT_URL_SQS. */
  url: string;
  /** What `Ref` of the queue resolves to: the SDK connects to the host of this URL, whatever its endpoint. */
  queueUrl(name: string): string;
  queueArn(name: string): string;
  close(): Promise<void>;
}

const CONTENT_TYPE = 'application/x-amz-json-1.0';
/** Ten messages of 1 MiB would be refused as a batch above 1 MiB; JSON may escape each byte sixfold. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
const ACCOUNT = '000000000000';

/** The template's queues behind an endpoint that asks whether the caller may. Messages survive a crash of the process. */
export const startSqs = async (options: SqsOptions): Promise<LocalSqs> => {
  if (options.accountId !== ACCOUNT) throw new Error(`the local SQS serves account ${ACCOUNT} only, not ${options.accountId}`);
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const queues = deadLetterQueuesFirst(options.queues);
  const engine = await startEngine(options);
  try {
    for (const queue of queues) await createQueue(engine, queue, options.region);
  } catch (error) {
    await engine.close();
    throw error;
  }
  const queueArn = (name: string) => `arn:aws:sqs:${options.region}:${ACCOUNT}:${name}`;
  const answer = (call: HttpCall) => serve({ engine, authorize: options.authorize, queueArn, queueUrl }, call);
  const endpoint = await startHttpEndpoint({ contentType: CONTENT_TYPE, maxRequestBytes: MAX_REQUEST_BYTES, answer });
  function queueUrl(name: string): string {
    return `${endpoint.url}/${ACCOUNT}/${name}`;
  }
  return {
    url: endpoint.url,
    queueUrl,
    queueArn,
    close: async () => {
      await endpoint.close();
      await engine.close();
    },
  };
};

interface ServePorts extends Pick<LocalSqs, 'queueArn' | 'queueUrl'> {
  engine: QueueEngine;
  authorize: Authorize;
}

const serve = async (ports: ServePorts, call: HttpCall): Promise<HttpAnswer> => {
  const { action, queueName } = queueRequestOf(call.operation, call.body);
  ports.authorize({ caller: call.caller, action, resource: ports.queueArn(queueName) });
  const answer = await ports.engine.send({ ...call, signal: call.hungUp });
  if (call.operation !== 'GetQueueUrl' || answer.status !== 200) return answer;
  return { ...answer, body: JSON.stringify({ QueueUrl: ports.queueUrl(queueName) }) };
};
