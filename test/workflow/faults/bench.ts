import { setTimeout as pause } from 'node:timers/promises';
import { type Simulator, startSimulator } from '../../../drivers/scaleio/simulator/start.ts';
import { createClock, type HostClock } from '../../../local/clock/clock.ts';
import { aLimitedEstate, type Estate } from '../../support/estate.ts';
import { type Live, loginAs, type Reply, sender, startLive } from '../../support/live.ts';
import { arrayOf, crowdedSeed } from './array.ts';
import type { Ground } from './ground.ts';
import { storedIn } from './stored.ts';

/** The product on an accelerated clock before one crowded array. Idle time passes only while a test waits for something. */
export interface Bench extends Ground {
  readonly live: Live;
  readonly clock: HostClock;
  /** The names of functions. */
  readonly functions: { readonly control: string; readonly driver: string };
  clearFaults(): void;
  close(): Promise<void>;
}

/** Of real time: far more than the slowest machine needs. */
const patienceMs = 60_000;

export const waitFor = async <T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> => {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > giveUpAt) throw new Error(`it did not come to this: ${what}`);
    await pause(25);
  }
};

interface Stepped {
  idle(): Promise<number | undefined>;
  step(idle: number): Promise<void>;
}

/** Looks before each time that the clock skips; what comes to be after a look is looked at before it skips again. */
export const stepping =
  (clock: Stepped): Ground['soon'] =>
  (what, look) =>
    waitFor(what, async () => {
      const idle = await clock.idle();
      const found = await look();
      if ((found === undefined || found === false) && idle !== undefined) await clock.step(idle);
      return found;
    });

const tokenLifeMs = 3_600_000;

/** Logs in again before a token ends: hours pass quickly here. */
export const asking = (host: Pick<Live['host'], 'url'>, clock: Pick<HostClock, 'now'>, password: string) => {
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
const rate = 4;

export const fastClock = (startAt = Date.now()): HostClock => createClock({ mode: 'accelerated', rate, skipIdle: true, startAt });

export interface BenchOptions {
  readonly clock: HostClock;
  readonly simulator: Simulator;
  /** Kept, and used again by the next bench. */
  readonly dataDir?: string;
  /** Made by an earlier bench on the same data. */
  readonly estate?: Estate;
}

export const isTick = (rule: string): boolean => /tick/i.test(rule);

const functionsOf = (live: Live): Bench['functions'] => {
  const names = Object.keys(live.host.lambdas.workers());
  const named = (pattern: RegExp): string => names.find((name) => pattern.test(name)) ?? '';
  return { control: named(/control/i), driver: named(/scaleio/i) };
};

/** More than the array has: nothing is refused, and all is counted. */
const quotaGb = 1_000_000;

/** A host before a simulator that outlives it. */
export const openBench = async ({ clock, simulator, dataDir, estate }: BenchOptions): Promise<Bench> => {
  let goOn = clock.hold();
  const started = await startLive({ clock, ...(dataDir === undefined ? {} : { dataDir }) });
  const live: Live = { ...started, simulators: [simulator] };
  const stored = await storedIn(live.host);
  const send = asking(live.host, clock, live.host.rootPassword ?? '');
  return {
    live,
    clock,
    array: arrayOf(simulator),
    estate: estate ?? (await aLimitedEstate(live, quotaGb)),
    stored,
    send,
    ask: successful(send),
    soon: stepping({ idle: async () => clock.idle(), step: async (idle) => void clock.step(idle) }),
    advance: (ms) => clock.advance(ms),
    now: () => clock.now(),
    tick: async () => {
      for (const name of live.host.events.ruleNames.filter(isTick)) live.host.events.fire(name);
    },
    until: async (what, look) => {
      goOn();
      try {
        return await waitFor(what, look);
      } finally {
        goOn = clock.hold();
      }
    },
    functions: functionsOf(live),
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

/** The array tells the time as the host does. */
export const startCrowdedArray = (now: () => number): Promise<Simulator> =>
  startSimulator({ apiVersion: '3.6', seed: crowdedSeed, wallMs: now });

export const startBench = async (): Promise<Bench> => {
  const clock = fastClock();
  const simulator = await startCrowdedArray(() => clock.now());
  const bench = await openBench({ clock, simulator });
  const close = async (): Promise<void> => {
    await bench.close();
    await simulator.close();
  };
  return { ...bench, close };
};
