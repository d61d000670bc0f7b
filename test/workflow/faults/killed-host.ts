import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../../drivers/scaleio/simulator/start.ts';
import type { Execution } from '../../../local/stepfunctions/execution.ts';
import { startChild } from '../../demo/child.ts';
import type { Estate } from '../../support/estate.ts';
import { assemblyDir } from '../../support/synthesized.ts';
import { arrayOf } from './array.ts';
import { asking, fastClock, isTick, openBench, startCrowdedArray, stepping, successful } from './bench.ts';
import type { Ground } from './ground.ts';
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

/** A host in a process of its own. Its clock runs as the machine's does, and jumps while somebody waits here. */
export interface Mortal extends Ground, Steered {
  /** Lets a service fail; see the host's control interface. */
  fail(service: 'dynamodb' | 'stepfunctions', fault: object): Promise<void>;
  /** As by a power cut. */
  kill(): Promise<void>;
}

interface Around extends Pick<Mortal, 'kill' | 'now'> {
  readonly simulator: Simulator;
  readonly estate: Estate;
  /** Is told the host's time whenever it has jumped. */
  readonly onJump: (now: number) => void;
}

const controlOf = ({ controlUrl }: Announced) => ({
  get: async (path: string): Promise<unknown> => (await fetch(`${controlUrl}${path}`)).json(),
  post: async (path: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${controlUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  },
});

const mortalOf = async (said: Announced, { simulator, estate, onJump, now, kill }: Around): Promise<Mortal> => {
  const control = controlOf(said);
  const stored = await storedIn(said);
  const send = asking(said, { now }, said.rootPassword);
  const hear = (answer: unknown): void => onJump(Date.parse((answer as { readonly now: string }).now));
  const jump = async (how: 'advance' | 'step', body: object): Promise<void> => hear(await control.post(`/_local/clock/${how}`, body));
  hear(await control.get('/_local/health'));
  const idle = async (): Promise<number | undefined> => ((await control.get('/_local/health')) as { readonly idle?: number }).idle;
  const soon = stepping({ idle, step: (since) => jump('step', { idle: since }) });
  return {
    send,
    ask: successful(send),
    array: arrayOf(simulator),
    estate,
    stored,
    now,
    advance: (ms) => jump('advance', { ms }),
    tick: async () => {
      const rules = (await control.get('/_local/rules')) as string[];
      for (const rule of rules.filter(isTick)) await control.post(`/_local/rules/${encodeURIComponent(rule)}/fire`, {});
    },
    executions: async () => (await control.get('/_local/executions')) as Execution[],
    soon,
    until: soon,
    fail: async (service, fault) => {
      await control.post(`/_local/faults/${service}`, fault);
    },
    kill: async () => {
      stored.close();
      await kill();
    },
  };
};

/** One array and one data folder, before hosts that are killed one after the other. */
export const startSuccession = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'patina-killed-'));
  let aheadMs = 0;
  const now = (): number => Date.now() + aheadMs;
  const onJump = (hostNow: number): void => {
    aheadMs = hostNow - Date.now();
  };
  const simulator = await startCrowdedArray(now);
  const clock = fastClock();
  const first = await openBench({ clock, simulator, dataDir });
  const { estate } = first;
  onJump(clock.now() + 1000);
  await first.close();

  const begin = async (): Promise<Mortal> => {
    const child = startChild('test/support/host-child.ts', [assemblyDir, dataDir, String(now())]);
    const [line] = await child.line(/^\{.*\}$/);
    return mortalOf(JSON.parse(line) as Announced, { simulator, estate, onJump, now, kill: child.kill });
  };
  let host = await begin();
  return {
    simulator,
    host: (): Mortal => host,
    /** Kills the host; the next one, on the same data, begins a second later. */
    async replace(): Promise<void> {
      await host.kill();
      simulator.clearFaults();
      onJump(now() + 1000);
      host = await begin();
    },
    async close(): Promise<void> {
      await host.kill();
      await simulator.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

export type Succession = Awaited<ReturnType<typeof startSuccession>>;
