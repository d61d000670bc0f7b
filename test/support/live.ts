import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../drivers/scaleio/simulator/start.ts';
import { createClock, type HostClock } from '../../local/clock/clock.ts';
import { type Host, startHost } from '../../local/host.ts';
import type { LogLevel } from '../../local/log.ts';
import { assemblyDir } from './synthesized.ts';

/** The product itself, on this machine: the synthesized application behind HTTP, with gateway simulators to register. */

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape
  readonly body: any;
}

export interface Send {
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without one no token is sent. */
  readonly token?: string | null;
}

export interface Live {
  readonly host: Host;
  readonly token: string;
  readonly simulators: readonly Simulator[];
  send(method: string, path: string, send?: Send): Promise<Reply>;
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  put(path: string, body: unknown): Promise<Reply>;
  /** Polls until the task is `ready` or `error`. */
  finished(task: { id: string }): Promise<Reply['body']>;
  /** Every task of an answer, finished. */
  finishedAll(reply: Reply): Promise<Reply['body'][]>;
  close(): Promise<void>;
}

export interface LiveOptions {
  readonly simulators?: readonly SimulatorOptions[];
  readonly clock?: HostClock;
  /** Kept by the caller; a temporary one is removed at the end. */
  readonly dataDir?: string;
  readonly assembly?: string;
  /** Index reads are so late. */
  readonly indexLagMs?: number;
  /** Of what functions write; ERROR if absent. */
  readonly logLevel?: LogLevel;
}

const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export const loginAs = async (url: string, password: string): Promise<string> => {
  const answer = await fetch(`${url}/login`, { headers: { authorization: basic('root', password) } });
  await answer.text();
  return answer.headers.get('x-sds-auth-token') ?? '';
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export const sender =
  (url: string, ownToken: string) =>
  async (method: string, path: string, { body, text, headers, token = ownToken }: Send = {}): Promise<Reply> => {
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { 'x-sds-auth-token': token }), ...headers },
      ...(content === undefined ? {} : { body: content }),
    });
    return { status: answer.status, headers: answer.headers, body: parsed(await answer.text()) };
  };

const patienceMs = 60_000;

const poll = async (get: (path: string) => Promise<Reply>, id: string): Promise<Reply['body']> => {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const { body } = await get(`/vdc/tasks/${id}`);
    if (body.state === 'ready' || body.state === 'error') return body;
    if (performance.now() > giveUpAt) throw new Error(`the task ${id} is still ${body.state}`);
  }
};

/** Starts the simulators and the host. Close it when done. */
export const startLive = async (options: LiveOptions = {}): Promise<Live> => {
  const folder = options.dataDir ?? mkdtempSync(join(tmpdir(), 'patina-live-'));
  const simulators = await Promise.all((options.simulators ?? []).map((each) => startSimulator(each)));
  const clock = options.clock ?? createClock({ mode: 'real' });
  const host = await startHost({
    assemblyDir: options.assembly ?? assemblyDir,
    dataDir: folder,
    port: 0,
    clock,
    logLevel: options.logLevel ?? 'ERROR',
  });
  if (options.indexLagMs) host.faults.dynamodb.setIndexLag(options.indexLagMs);
  const token = await loginAs(host.url, host.rootPassword ?? '');
  const send = sender(host.url, token);
  const get = (path: string): Promise<Reply> => send('GET', path);
  const finished = (task: { id: string }) => poll(get, task.id);
  return {
    host,
    token,
    simulators,
    send,
    get,
    post: (path, body) => send('POST', path, body === undefined ? {} : { body }),
    put: (path, body) => send('PUT', path, { body }),
    finished,
    finishedAll: ({ body }) => Promise.all((body.task ?? [body]).map(finished)),
    close: async () => {
      await host.close();
      await Promise.all(simulators.map((simulator) => simulator.close()));
      if (options.dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
};
