import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../../core/change.ts';
import { generateSeed } from '../../drivers/scaleio/simulator/generate.ts';
import { startChild } from '../demo/child.ts';
import { costOf } from '../demo/figures.ts';
import { adopt, isUnmanagedRow } from '../support/adopted-volumes.ts';
import { registration } from '../support/estate.ts';
import { type Stored, type StoredRow, storedIn } from '../workflow/faults/stored.ts';
import { type Counted, measured } from './counted.ts';
import { operatorRows } from './store.ts';
import { startWorld, type World } from './world.ts';

export interface DiscoveryFigures {
  readonly counted: Counted;
  readonly costUsd: number;
  readonly milliseconds: number;
  /** Of resources; the provider's own row apart. */
  readonly rowsWritten: number;
}

export interface RediscoveryFigures {
  readonly volumes: number;
  readonly first: DiscoveryFigures;
  readonly unchanged: DiscoveryFigures;
  readonly onePercent: DiscoveryFigures;
  /** Of a process that is control function and driver at once, while nothing has changed. */
  readonly peakBytes: number;
}

const volumes = 10_000;

interface Around {
  readonly world: World;
  readonly stored: Stored;
}

const isCounted = ({ pk, sk }: StoredRow): boolean => sk === 'RESOURCE' && !pk.includes(':StorageProvider:');

const resources = async ({ stored }: Around): Promise<ReadonlyMap<string, string>> =>
  new Map((await stored.all('Inventory')).filter(isCounted).map((row) => [row.pk, JSON.stringify(Object.entries(row).sort())]));

/** A volume that was written to so lately is not judged by a discovery. */
const settleMs = 6000;

const figuresOf = async (around: Around, path: string, body?: unknown): Promise<DiscoveryFigures> => {
  await sleep(settleMs);
  const before = await resources(around);
  const { counted, milliseconds } = await measured(around.world, path, body);
  const written = [...(await resources(around))].filter(([id, row]) => before.get(id) !== row);
  return { counted, costUsd: costOf(counted), milliseconds, rowsWritten: written.length };
};

/** Half of the volumes come on record as ours. */
const adoptHalf = async ({ world, stored }: Around): Promise<void> => {
  const found = (await stored.all('Inventory')).filter((row) => isUnmanagedRow(row) && row['kind'] === 'volume');
  await adopt(await operatorRows(world), found.slice(0, volumes / 2) as Row[]);
};

const renameSome = async ({ world, stored }: Around): Promise<void> => {
  const found = (await stored.all('Inventory')).filter(
    (row) => isCounted(row) && row['nativeId'] !== undefined && /olume:/.test(row.pk) && row['inactive'] !== true,
  );
  const controlPort = world.simulators[0]?.controlPort;
  for (const [n, row] of found.slice(0, volumes / 100).entries())
    await fetch(`http://127.0.0.1:${controlPort}/volumes/${String(row['nativeId'])}/rename`, {
      method: 'POST',
      body: JSON.stringify({ name: `renamed-${n}` }),
    });
};

const peakOf = async ({ world }: Around, providerId: string): Promise<number> => {
  const { endpoints, operatorKey } = world;
  const child = startChild('test/bench/discovery-memory.ts', [JSON.stringify({ endpoints, operatorKey, providerId })]);
  const [, bytes] = await child.line(/^PEAK (\d+)$/);
  await child.stop();
  return Number(bytes);
};

/** A large array is discovered, half of it comes on record as ours, and it is discovered again. */
export const rediscoveryFigures = async (assemblyDir: string): Promise<RediscoveryFigures> => {
  const world = await startWorld({ assemblyDir, gateways: 1, content: generateSeed({ volumes, sdcs: 100, sds: 20 }) });
  const around = { world, stored: await storedIn(world) };
  try {
    const [gateway] = world.simulators;
    if (!gateway) throw new Error('there is a gateway');
    const first = await figuresOf(around, '/vdc/storage-providers', registration(gateway, 'large'));
    const { body } = await world.get('/vdc/storage-systems');
    const discover = `/vdc/storage-systems/${body.storage_system[0].id}/discover`;
    await adoptHalf(around);
    await figuresOf(around, discover);
    const unchanged = await figuresOf(around, discover);
    const { body: providers } = await world.get('/vdc/storage-providers');
    const peakBytes = await peakOf(around, providers.storage_provider[0].id);
    await renameSome(around);
    return { volumes, first, unchanged, onePercent: await figuresOf(around, discover), peakBytes };
  } finally {
    around.stored.close();
    await world.close();
  }
};
