import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import type { HostClock } from '../clock/clock.ts';

export interface EngineOptions {
  dataDir: string;
  region: string;
  clock: HostClock;
}

export interface EngineRequest {
  target: string;
  authorization: string;
  body: string;
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal;
}

/** The SQS implementation behind the endpoint, in a thread of its own, so that its timeouts are on the host's clock. */
export interface QueueEngine {
  send(request: EngineRequest): Promise<{ status: number; headers: Record<string, string>; body: string }>;
  close(): Promise<void>;
}

const readySchema = z.object({ port: z.number() });

export const startEngine = async ({ dataDir, region, clock }: EngineOptions): Promise<QueueEngine> => {
  const shared = clock.mode === 'accelerated' ? clock.shared : undefined;
  const worker = new Worker(new URL('./queue-worker.ts', import.meta.url), { env: {}, workerData: { dataDir, region, shared } });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message) => resolve(readySchema.parse(message)));
  });
  return {
    send: (request) => forward(port, request),
    close: async () => {
      worker.postMessage('stop');
      await ended;
    },
  };
};

const forward: (port: number, request: EngineRequest) => ReturnType<QueueEngine['send']> = (
  port,
  { target, authorization, body, signal },
) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target, authorization };
    const outgoing = httpRequest({ host: '127.0.0.1', port, method: 'POST', headers, ...(signal && { signal }) }, (answer) => {
      text(answer).then((received) => resolve({ status: answer.statusCode ?? 500, headers: passedOn(answer), body: received }), reject);
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });

const text = async (answer: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

/** The SDK reads the error code from the second. */
const passedOn = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    ['content-type', 'x-amzn-query-error'].flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
