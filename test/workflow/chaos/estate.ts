import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '../../../drivers/scaleio/simulator/start.ts';
import type { HostClock } from '../../../local/clock/clock.ts';
import { aLimitedEstate, type Estate } from '../../support/estate.ts';
import { type Live, type Reply, startLive } from '../../support/live.ts';
import { crowdedSeed } from '../faults/array.ts';
import { asking, fastClock } from '../faults/bench.ts';
import { type Stored, storedIn } from '../faults/stored.ts';

/** The product on an accelerated clock before two crowded arrays. */
export interface Ground {
  readonly live: Live;
  readonly clock: HostClock;
  readonly arrays: readonly Simulator[];
  readonly estate: Estate;
  readonly hostIds: readonly string[];
  readonly stored: Stored;
  readonly dataDir: string;
  readonly functions: { readonly control: string; readonly driver: string };
  send(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Everything on the arrays that is not ours, as bytes to compare. */
  foreign(): string;
  calm(): void;
  close(): Promise<void>;
}

/** So little that a history comes to it now and then. */
const quotaGb = 400;

const ids = ['1a2b3c4d5e6f7081', '2b3c4d5e6f708192'];

const startArrays = (clock: HostClock): Promise<Simulator[]> =>
  Promise.all(
    ids.map((id, n) =>
      startSimulator({
        apiVersion: n === 0 ? '3.6' : '4.5',
        seed: { ...crowdedSeed, systemId: id },
        wallMs: () => clock.now(),
      }),
    ),
  );

const foreignOf = (arrays: readonly Simulator[], mark: string): string =>
  JSON.stringify(
    arrays.map(({ state }) =>
      [...state.volumes.values()]
        .filter(({ name }) => name?.startsWith(`p${mark}-`) !== true)
        .map(({ id, name, sizeInKb, mappings, vtreeId }) => ({ id, name, sizeInKb, vtreeId, mappings })),
    ),
  );

export const openGround = async (): Promise<Ground> => {
  const clock = fastClock();
  const arrays = await startArrays(clock);
  const dataDir = mkdtempSync(join(tmpdir(), 'patina-chaos-'));
  const started = await startLive({ clock, dataDir });
  const live: Live = { ...started, simulators: arrays };
  const estate = await aLimitedEstate(live, quotaGb);
  const stored = await storedIn(live.host);
  const send = asking(live.host, clock, live.host.rootPassword ?? '');
  const inventory = await stored.all('Inventory');
  const names = Object.keys(live.host.lambdas.workers());
  const mark = String(inventory.find(({ pk }) => pk === 'INSTALLATION')?.['mark']);
  return {
    live,
    clock,
    arrays,
    estate,
    stored,
    dataDir,
    send,
    hostIds: inventory.flatMap(({ pk, sk }) => (sk === 'RESOURCE' && pk.includes(':Host:') ? [pk] : [])).sort(),
    functions: { control: names.find((name) => /control/i.test(name)) ?? '', driver: names.find((name) => /scaleio/i.test(name)) ?? '' },
    foreign: () => foreignOf(arrays, mark),
    calm: () => {
      for (const array of arrays) array.clearFaults();
      live.host.faults.dynamodb.clear();
      live.host.faults.stepfunctions.clear();
    },
    close: async () => {
      stored.close();
      await live.close();
      await Promise.all(arrays.map((array) => array.close()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
