import { setTimeout as pause } from 'node:timers/promises';
import { createClock, type HostClock } from '../../../local/clock/clock.ts';
import { anEstate, type Estate } from '../../support/estate.ts';
import { type Live, loginAs, type Reply, sender, startLive } from '../../support/live.ts';
import { type ArrayUnderTest, arrayOf, crowdedSeed } from './array.ts';
import { type Stored, storedIn } from './stored.ts';

/** The product on an accelerated clock before one crowded array. Idle time passes only while a test waits for something. */
export interface Bench {
  readonly live: Live;
  readonly clock: HostClock;
  readonly array: ArrayUnderTest;
  readonly estate: Estate;
  readonly stored: Stored;
  /** As root, with a token that lives; must be answered with a status of success. */
  ask(method: string, path: string, body?: unknown): Promise<Reply['body']>;
  /** As `ask`, but any answer will do. */
  send(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Lets the clock skip idle time until it is so; fails after 40 s of real time. */
  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>;
  /** As `until`, but the clock only runs. */
  soon<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>;
  /** The names of functions. */
  readonly functions: { readonly control: string; readonly driver: string };
  clearFaults(): void;
  close(): Promise<void>;
}

const patienceMs = 40_000;

export const waitFor = async <T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> => {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > giveUpAt) throw new Error(`it did not come to this: ${what}`);
    await pause(10);
  }
};

const tokenLifeMs = 3_600_000;

/** Logs in again before a token ends: hours pass quickly here. */
export const asking = (host: Live['host'], clock: HostClock, password: string) => {
  let send: ReturnType<typeof sender> | undefined;
  let since = 0;
  return async (method: string, path: string, body?: unknown): Promise<Reply> => {
    if (send === undefined || clock.now() > since + tokenLifeMs) {
      send = sender(host.url, await loginAs(host.url, password));
      since = clock.now();
    }
    return send(method, path, body === undefined ? {} : { body });
  };
};

export const successful =
  (send: (method: string, path: string, body?: unknown) => Promise<Reply>) =>
  async (method: string, path: string, body?: unknown): Promise<Reply['body']> => {
    const reply = await send(method, path, body);
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };

/** So many milliseconds of the product's in one real one. */
const rate = 20;

export interface BenchOptions {
  readonly clock?: HostClock;
  readonly dataDir?: string;
}

export const startBench = async (options: BenchOptions = {}): Promise<Bench> => {
  const clock = options.clock ?? createClock({ mode: 'accelerated', rate, skipIdle: true });
  let goOn = clock.busy();
  const live = await startLive({
    simulators: [{ apiVersion: '3.6', seed: crowdedSeed, wallMs: () => clock.now() }],
    clock,
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
  });
  const [simulator] = live.simulators;
  if (simulator === undefined) throw new Error('there is no simulator');
  const estate = await anEstate(live);
  const stored = await storedIn(live.host);
  const send = asking(live.host, clock, live.host.rootPassword ?? '');
  const names = Object.keys(live.host.lambdas.workers());
  const named = (pattern: RegExp): string => names.find((name) => pattern.test(name)) ?? '';
  return {
    live,
    clock,
    array: arrayOf(simulator),
    estate,
    stored,
    send,
    ask: successful(send),
    soon: waitFor,
    until: async (what, look) => {
      goOn();
      try {
        return await waitFor(what, look);
      } finally {
        goOn = clock.busy();
      }
    },
    functions: { control: named(/control/i), driver: named(/scaleio/i) },
    clearFaults: () => {
      simulator.clearFaults();
      live.host.faults.dynamodb.clear();
      live.host.faults.stepfunctions.clear();
    },
    close: async () => {
      stored.close();
      await live.close();
    },
  };
};
