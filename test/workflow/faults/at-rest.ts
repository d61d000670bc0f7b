import { expect } from 'vitest';
import { quotaSort } from '../../../core/quota/quota.ts';
import { nativeNameOf } from '../../../core/volume/native-name.ts';
import type { ArrayUnderTest } from './array.ts';
import type { Stored, StoredRow } from './stored.ts';

interface Parts {
  readonly stored: Stored;
  readonly array: ArrayUnderTest;
  now(): number;
}

const isResource = ({ sk }: StoredRow): boolean => sk === 'RESOURCE';
const isLiveVolume = (row: StoredRow): boolean => isResource(row) && row.pk.includes(':Volume:') && row['inactive'] !== true;

/** A rediscovery that falls due meanwhile is at its own work, and holds its provider alone. */
const isOpenOrder = (row: StoredRow): boolean => row['openPk'] !== undefined && row['workflow'] !== 'discover-provider';

export const openOperations = async ({ stored }: Pick<Parts, 'stored'>): Promise<readonly StoredRow[]> =>
  (await stored.open()).filter((row) => isOpenOrder(row));

const markOf = (inventory: readonly StoredRow[]): string => String(inventory.find(({ pk }) => pk === 'INSTALLATION')?.['mark']);

const nothingHeld = (inventory: readonly StoredRow[], tasks: readonly StoredRow[]): void => {
  const ours = tasks.filter((row) => row.sk === 'TASK' && !String(row['resourceId']).includes(':StorageProvider:'));
  const locked = inventory.filter((row) => row['activeTaskId'] !== undefined && !row.pk.includes(':StorageProvider:')).map(({ pk }) => pk);
  const unended = ours.filter((row) => !['ready', 'error'].includes(String(row['state']))).map(({ pk }) => pk);
  const inRepair = tasks.filter((row) => row.sk === 'TASK' && row['repair'] !== undefined).map(({ pk }) => pk);
  expect({ locked, unended, inRepair }).toEqual({ locked: [], unended: [], inRepair: [] });
};

const capacityAddsUp = (inventory: readonly StoredRow[]): void => {
  const volumes = inventory.filter(isLiveVolume);
  for (const pool of inventory.filter((row) => isResource(row) && row.pk.includes(':StoragePool:'))) {
    const here = volumes.filter((row) => row['poolId'] === pool.pk);
    const managedBytes = here.reduce((total, row) => total + Number(row['provisionedBytes']), 0);
    expect({ pool: pool['name'], managedBytes: pool['managedBytes'], managedCount: pool['managedCount'] }).toEqual({
      pool: pool['name'],
      managedBytes,
      managedCount: here.length,
    });
  }
};

/** Each quota's counter is what the volumes of its project or virtual pool have. */
const quotasAddUp = (inventory: readonly StoredRow[]): void => {
  const quotas = inventory.filter(({ sk }) => sk === quotaSort);
  expect(quotas.length).toBeGreaterThan(0);
  for (const { pk, state, usedBytes } of quotas) {
    const own = inventory.filter(isLiveVolume).filter((row) => row['projectId'] === pk || row['vpoolId'] === pk);
    const sum = own.reduce((total, row) => total + Number(row['provisionedBytes']), 0);
    expect({ quota: pk, state, usedBytes }).toEqual({ quota: pk, state: 'counted', usedBytes: sum });
  }
};

/** Ours on the array are those on record, by name, but for orphans that are known, and the records of mappings are mappings. */
const arrayMatches = (inventory: readonly StoredRow[], array: ArrayUnderTest): void => {
  const mark = markOf(inventory);
  const live = inventory.filter(isLiveVolume);
  const recorded = live.map((row) => ({ id: row['nativeId'], name: nativeNameOf({ prefix: 'p', mark }, row.pk) }));
  const orphans = inventory
    .filter((row) => isResource(row) && row['bearsMark'] === true && row['inactive'] !== true)
    .map((row) => row['nativeId']);
  const there = array.volumes().filter(({ id, name }) => name?.startsWith(`p${mark}-`) && !orphans.includes(id));
  const inOrder = (a: { name: string | null }, b: { name: string | null }): number => String(a.name).localeCompare(String(b.name));
  expect(there.map(({ id, name }) => ({ id, name })).sort(inOrder)).toEqual(recorded.sort(inOrder));
  const natives = inventory.filter(({ pk }) => pk.startsWith('NATIVE#')).map(({ sk }) => sk);
  expect(natives.sort()).toEqual(recorded.map(({ id }) => String(id)).sort());
  for (const pair of inventory.filter(({ sk }) => sk.startsWith('EXPORT#'))) {
    const nativeId = live.find(({ pk }) => pk === pair.pk)?.['nativeId'];
    expect(there.find(({ id }) => id === nativeId)?.mappedTo).toContain(pair['port']);
  }
};

/** A call that its step gave up waiting for gives its slot back when it ends: long before the lease of five minutes would. */
const slotPatience = { timeout: 30_000, interval: 50 };

const heldSlots = async ({ stored, now }: Pick<Parts, 'stored' | 'now'>): Promise<readonly StoredRow[]> => {
  const nowSeconds = now() / 1000;
  const rows = await stored.all('Coordination');
  return rows.filter((row) => row.pk.startsWith('SLOTS#') && Number(row['leaseUntilSeconds']) > nowSeconds);
};

/** Nothing is under way, nothing is held, and store and array say the same. */
export const expectAtRest = async (parts: Parts): Promise<void> => {
  const [inventory, tasks] = await Promise.all([parts.stored.all('Inventory'), parts.stored.all('Tasks')]);
  expect(tasks.filter(isOpenOrder)).toEqual([]);
  nothingHeld(inventory, tasks);
  await expect.poll(() => heldSlots(parts), slotPatience).toEqual([]);
  capacityAddsUp(inventory);
  quotasAddUp(inventory);
  arrayMatches(inventory, parts.array);
};
