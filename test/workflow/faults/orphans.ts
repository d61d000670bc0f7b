import { snapshotVolumes } from '../../../drivers/scaleio/simulator/snapshots.ts';
import type { Simulator } from '../../../drivers/scaleio/simulator/start.ts';
import { setVolumeSize } from '../../../drivers/scaleio/simulator/volume-change.ts';
import { volumeOrder } from '../../support/estate.ts';
import { carryOut, idle } from './carry-out.ts';
import type { Ground } from './ground.ts';

/** What a creation that was taken back has left on the array after all. */
export interface Orphan {
  /** Of the volume that was never made. */
  readonly volumeId: string;
  readonly nativeId: string;
  readonly name: string;
  readonly poolNativeId: string;
}

/** What an outsider does to a volume that makes it more than what was planned. */
export const uses = {
  mapped: async ({ array }: Ground, { nativeId }: Orphan) => {
    await array.outsider(`/volumes/${nativeId}/mappings`, { sdc: 'host1' });
  },
  snapshotted: async ({ array: { simulator } }: Ground, { nativeId }: Orphan) => {
    snapshotVolumes(simulator.state, undefined, { snapshotDefs: [{ volumeId: nativeId, snapshotName: `s-${nativeId}` }] });
  },
  resized: async ({ array: { simulator } }: Ground, { nativeId }: Orphan) => {
    const volume = simulator.state.volumes.get(nativeId);
    if (volume) setVolumeSize(simulator.state, volume, { sizeInGB: '16' });
  },
} as const;

/** Thin, of 8 GB; its id. */
const appear = async ({ array }: Ground, { name, poolNativeId }: Pick<Orphan, 'name' | 'poolNativeId'>): Promise<string> => {
  const size = { volumeSizeInKb: String(8 * 1024 * 1024), volumeType: 'ThinProvisioned' };
  return (await array.outsider('/volumes', { ...size, name, storagePoolId: poolNativeId })).id ?? '';
};

/** Refused creations of volumes, which then appear as they were planned. */
export const leaveOrphans = async (ground: Ground, name: string, count: number): Promise<Orphan[]> => {
  const { array, ask, estate } = ground;
  array.simulator.addFault({ match: { verb: 'create' }, effect: 'error', error: { errorCode: 191 }, times: 'always' });
  const { task } = await ask('POST', '/block/volumes', volumeOrder(estate, { name, count }));
  await idle(ground);
  array.simulator.clearFaults();
  const orphans: Orphan[] = [];
  for (const { resource } of task) {
    const volume = await ask('GET', `/block/volumes/${resource.id}`);
    const pool = await ask('GET', `/vdc/storage-pools/${volume.storage_pool.id}`);
    const planned = { name: volume.device_label, poolNativeId: pool.native_id };
    orphans.push({ ...planned, volumeId: resource.id, nativeId: await appear(ground, planned) });
  }
  return orphans;
};

/** Longer than an array that was read may be behind what was stored. */
const settledMs = 60_000;

/** A discovery to its end, without time for anything else to begin. */
export const discover = async ({ advance, ask, soon }: Pick<Ground, 'advance' | 'ask' | 'soon'>): Promise<void> => {
  await advance(settledMs);
  const { task } = await ask('POST', '/vdc/storage-providers/scan');
  for (const { id } of task)
    await soon('the discovery ends', async () => {
      const { state } = await ask('GET', `/vdc/tasks/${id}`);
      return state === 'ready' || (state === 'error' && Promise.reject(new Error('the discovery failed')));
    });
};

export const bytesOf = ({ array }: Ground, nativeIds: readonly string[]): string => {
  const { volumes } = JSON.parse(array.bytes()) as { volumes: { id: string }[] };
  return JSON.stringify(volumes.filter(({ id }) => nativeIds.includes(id)));
};

const keepers = new WeakMap<Simulator, readonly string[]>();

const withLastCharacterChanged = (name: string): string => `${name.slice(0, -1)}${name.endsWith('0') ? '1' : '0'}`;

/** Ids of volumes with our mark that must stay: mapped, with a snapshot, resized, and one that nothing planned. */
export const theKept = async (ground: Ground): Promise<readonly string[]> => {
  const { simulator } = ground.array;
  const known = keepers.get(simulator);
  if (known) return known;
  const orphans = await leaveOrphans(ground, 'kept', 3);
  for (const [n, use] of Object.values(uses).entries()) {
    const orphan = orphans[n];
    if (orphan) await use(ground, orphan);
  }
  const unplanned = orphans.slice(0, 1).map((orphan) => ({ ...orphan, name: withLastCharacterChanged(orphan.name) }));
  const made = orphans.map(({ nativeId }) => nativeId);
  for (const orphan of unplanned) made.push(await appear(ground, orphan));
  await ground.advance(settledMs);
  await carryOut(ground, '/vdc/storage-providers/scan');
  keepers.set(simulator, made);
  return made;
};
