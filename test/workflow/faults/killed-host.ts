import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../../drivers/scaleio/simulator/start.ts';
import type { Execution } from '../../../local/stepfunctions/execution.ts';
import { startChild } from '../../demo/child.ts';
import { assemblyDir } from '../../support/synthesized.ts';
import { arrayOf } from './array.ts';
import { asking, type Bench, fastClock, isTick, openBench, skippingClock, startCrowdedArray, successful, waitFor } from './bench.ts';
import type { Steered } from './steered.ts';
import { storedIn } from './stored.ts';

/** What a host of its own says of itself. */
interface Announced {
  readonly url: string;
  readonly rootPassword: string;
  readonly controlUrl: string;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly operatorKey: string;
}

export interface Mortal extends Steered {
  readonly ask: Bench['ask'];
  /** Lets a service fail; see the host's control interface. */
  fail(service: 'dynamodb' | 'stepfunctions', fault: object): Promise<void>;
  /** As by a power cut. */
  kill(): Promise<void>;
}

/** So much of the host's time passes between two looks, and no more than a cold function bears. */
const stepMs = 200;

interface Around extends Pick<Mortal, 'ask' | 'kill'> {
  readonly simulator: Simulator;
  readonly onAdvance: (ms: number) => void;
}

const mortalOf = async (said: Announced, { simulator, onAdvance, ...others }: Around): Promise<Mortal> => {
  const stored = await storedIn(said);
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${said.controlUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  const advance = async (ms: number): Promise<void> => {
    await post('/_local/clock/advance', { ms });
    onAdvance(ms);
  };
  return {
    ask: others.ask,
    array: arrayOf(simulator),
    stored,
    advance,
    tick: async () => {
      const rules = (await (await fetch(`${said.controlUrl}/_local/rules`)).json()) as string[];
      for (const rule of rules.filter(isTick)) await post(`/_local/rules/${encodeURIComponent(rule)}/fire`, {});
    },
    executions: async () => (await (await fetch(`${said.controlUrl}/_local/executions`)).json()) as Execution[],
    soon: (what, look) =>
      waitFor(what, async () => {
        const found = await look();
        if (found === undefined || found === false) await advance(stepMs);
        return found;
      }),
    fail: (service, fault) => post(`/_local/faults/${service}`, fault),
    kill: async () => {
      stored.close();
      await others.kill();
    },
  };
};

/** One array and one data folder, before hosts that come and go. */
export const startSuccession = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'patina-killed-'));
  const first = fastClock();
  /** Of whichever host runs. */
  let now = (): number => first.now();
  const simulator = await startCrowdedArray(() => now());
  let bench = await openBench({ clock: first, simulator, dataDir });
  return {
    simulator,
    bench: (): Bench => bench,
    now: (): number => now(),
    /** Ends the host in this process; one that can be killed takes its place. */
    async mortal(): Promise<Mortal> {
      const startAt = bench.clock.now() + 1000;
      const since = Date.now();
      await bench.close();
      let advancedMs = 0;
      now = () => startAt + advancedMs + Date.now() - since;
      const onAdvance = (ms: number): void => {
        advancedMs += ms;
      };
      const child = startChild('test/support/host-child.ts', [assemblyDir, dataDir, String(startAt)]);
      const [line] = await child.line(/^\{.*\}$/);
      const said = JSON.parse(line) as Announced;
      const ask = successful(asking(said, { now }, said.rootPassword));
      return mortalOf(said, { simulator, onAdvance, ask, kill: child.kill });
    },
    /** The next host, in this process, on the data of the one before. */
    async startAgain(at: number, pace: 'fast' | 'as it is' = 'fast'): Promise<void> {
      const clock = pace === 'fast' ? fastClock(at) : skippingClock(at);
      now = () => clock.now();
      bench = await openBench({ clock, simulator, dataDir, estate: bench.estate });
    },
    async close(): Promise<void> {
      await bench.close();
      await simulator.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

export type Succession = Awaited<ReturnType<typeof startSuccession>>;
