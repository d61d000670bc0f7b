import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSeed } from '../../drivers/scaleio/simulator/default-seed.ts';
import type { SeedInput } from '../../drivers/scaleio/simulator/seed-schema.ts';
import { type Child, startChild } from '../demo/child.ts';
import type { Estate } from '../support/estate.ts';
import { loginAs, type Reply, sender } from '../support/live.ts';
import type { Subject } from './counted.ts';

/** The host and the simulated gateways, each a process of its own, so that the client's work is not counted as theirs. */
export interface Gateway {
  readonly port: number;
  readonly controlPort: number;
  readonly fingerprint256: string;
  /** Calls but logins since the start. */
  callCount(): Promise<number>;
  readonly child: Child;
}

export interface Started {
  readonly url: string;
  readonly controlUrl: string;
  readonly rootPassword: string;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly operatorKey: string;
}

export interface World extends Started, Subject {
  readonly token: string;
  readonly simulators: readonly Gateway[];
  readonly child: Child;
  readonly dataDir: string;
  put(path: string, body: unknown): Promise<Reply>;
  close(): Promise<void>;
}

/** Every array has its own id, and hosts of its own. */
const seedOf = (n: number) => ({
  ...defaultSeed,
  systemId: `3f2a91c45b7d6e0${n}`,
  sdcs: (defaultSeed.sdcs ?? []).map((sdc, place) => ({ ...sdc, guid: `9E56672F-2F4B-4A42-BFF4-88B6846FB${n}0${place}` })),
});

const startGateway = async (folder: string, n: number, content?: SeedInput): Promise<Gateway> => {
  const seed = join(folder, `array-${n}.json`);
  writeFileSync(seed, JSON.stringify(content ?? seedOf(n)));
  const child = startChild('drivers/scaleio/simulator/main.ts', ['--api-version', '3.6', '--seed', seed]);
  const [, port] = await child.line(/^READY (\d+)/);
  const [, controlPort] = await child.line(/^CONTROL (\d+)/);
  const [, fingerprint256 = ''] = await child.line(/^FINGERPRINT (\S+)/);
  const callCount = async (): Promise<number> =>
    ((await (await fetch(`http://127.0.0.1:${controlPort}/calls`)).json()) as { total: number }).total;
  return { port: Number(port), controlPort: Number(controlPort), fingerprint256, callCount, child };
};

const patienceMs = 120_000;

export const finishing =
  (get: World['get']): World['finished'] =>
  async ({ id }) => {
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      const { body } = await get(`/vdc/tasks/${id}`);
      if (body.state === 'ready' || body.state === 'error') return body;
      if (performance.now() > giveUpAt) throw new Error(`the task ${id} is still ${body.state}`);
    }
  };

export interface WorldOptions {
  readonly assemblyDir: string;
  readonly gateways: number;
  /** What is on each array. */
  readonly content?: SeedInput;
  /** Given to Node.js, for profiles. */
  readonly nodeOptions?: readonly string[];
}

/** A fresh installation. Close it when done. */
export const startWorld = async ({ assemblyDir, gateways, content, nodeOptions = [] }: WorldOptions): Promise<World> => {
  const folder = mkdtempSync(join(tmpdir(), 'patina-bench-'));
  const simulators = await Promise.all(Array.from({ length: gateways }, (_, n) => startGateway(folder, n, content)));
  const child = startChild('test/bench/host.ts', [assemblyDir, join(folder, 'data')], nodeOptions);
  const [, json = ''] = await child.line(/^HOST (.*)$/);
  const host = JSON.parse(json) as Started;
  const token = await loginAs(host.url, host.rootPassword);
  const send = sender(host.url, token);
  const get: World['get'] = (path) => send('GET', path);
  return {
    ...host,
    token,
    simulators,
    child,
    dataDir: join(folder, 'data'),
    get,
    post: (path, body) => send('POST', path, body === undefined ? {} : { body }),
    put: (path, body) => send('PUT', path, { body }),
    finished: finishing(get),
    usage: async () => (await (await fetch(`${host.controlUrl}/_local/meter`)).json()) as Awaited<ReturnType<Subject['usage']>>,
    gatewayCalls: async () => (await Promise.all(simulators.map((one) => one.callCount()))).reduce((total, calls) => total + calls, 0),
    close: async () => {
      await Promise.all([child, ...simulators.map((simulator) => simulator.child)].map((each) => each.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** A world whose classes are defined: volumes can be ordered. */
export interface Installed extends World {
  readonly estate: Estate;
}
