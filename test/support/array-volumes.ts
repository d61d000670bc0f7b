import type { Row } from '../../core/change.ts';
import { discoveredId } from '../../core/discovery/discovered-id.ts';
import { readSeen } from '../../core/discovery/seen.ts';
import { newResource, resourceKey, toRow } from '../../core/inventory/resource.ts';
import type { Volume } from '../../core/inventory/schemas.ts';
import { makeUrn } from '../../core/urn.ts';
import { nativeNameOf } from '../../core/volume/native-name.ts';
import { putNative } from '../../core/volume/native-row.ts';
import type { ObservedVolume } from '../../drivers/sdk/model.ts';
import type { InventoryPage } from '../../drivers/sdk/verbs.ts';
import { answered, type ControlWorld, providerId } from './control.ts';
import { aPage, aPool, discoveryWorld, gib, idOf, noVolumes } from './discovery-world.ts';

/** Volumes on an array, ours and others', beside their records. */

export const createdAt = '2025-12-01T00:00:00.000Z';
export const idOfVolume = (n: number): string => makeUrn('Volume', `00000000-0000-4000-8000-0000000001${String(n).padStart(2, '0')}`);
export const nameOf = (n: number): string => nativeNameOf({ prefix: 'p', mark: 'abc123' }, idOfVolume(n));

export const onArray = (nativeId: string, patch: Partial<ObservedVolume> = {}): ObservedVolume => ({
  nativeId,
  name: `theirs-${nativeId}`,
  poolNativeId: 'p1',
  systemNativeId: 's1',
  sizeBytes: 8 * gib,
  provisioningType: 'thin',
  kind: 'volume',
  createdAt,
  wwn: `wwn-${nativeId}`,
  mappings: [],
  ...patch,
});

export const ours = (n: number, patch: Partial<ObservedVolume> = {}): ObservedVolume =>
  onArray(`native-${n}`, { name: nameOf(n), ...patch });

export const record = (n: number, patch: Partial<Volume> = {}): Volume => ({
  ...newResource(idOfVolume(n), `data-${n}`, createdAt),
  tenantId: 'tenant',
  projectId: 'project',
  varrayId: 'varray',
  vpoolId: 'vpool',
  poolId: idOf('StoragePool', 'p1').pk,
  systemId: 'system',
  providerId,
  state: 'ready',
  provisioningType: 'thin',
  requestedBytes: 8 * gib,
  provisionedBytes: 8 * gib,
  nativeName: nameOf(n),
  nativeId: `native-${n}`,
  nativeCreatedAt: createdAt,
  wwn: `wwn-native-${n}`,
  ...patch,
});

export const put = (world: ControlWorld, ...volumes: Volume[]): void => {
  for (const volume of volumes) {
    world.rows.seed('Inventory', [toRow(volume)]);
    const write = volume.nativeId && putNative({ arrayId: 'array-1', nativeId: volume.nativeId, volumeId: volume.id });
    if (write && write.do === 'put') world.rows.seed('Inventory', [write.row]);
  }
};

export const page =
  (volumes: readonly ObservedVolume[], patch: Partial<InventoryPage> = {}) =>
  () =>
    answered({ ...noVolumes, volumes, ...patch });
const foreignIn = (answer: ReturnType<typeof answered> | undefined): number =>
  answer?.output ? (answer.output as InventoryPage).volumes.filter(({ nativeId }) => !nativeId.startsWith('native-')).length : 0;

/** An array that answers, discovery by discovery, these pages of volumes; all of them are in one pool. */
export const worldWith = (...volumes: (() => ReturnType<typeof answered>)[]) =>
  discoveryWorld({ physical: [() => answered(aPage({ pools: [aPool({ volumeCount: foreignIn(volumes[0]?.()) })] }))], volumes });
export const stored = (world: ControlWorld, id: string): Promise<Row | undefined> => world.rows.get('Inventory', resourceKey(id));
export const unmanaged = (world: ControlWorld, nativeId: string) => stored(world, discoveredId('UnManagedVolume', 'array-1', nativeId));
export const kindOf = async (world: ControlWorld, nativeId: string) => (await readSeen(world.rows, 'array-1')).get(nativeId)?.kind;
export const seventy = Array.from({ length: 70 }, (_, n) => onArray(`t${n}`));

export const touched = (world: ControlWorld, since: number): string[] =>
  world.rows.transactions
    .slice(since)
    .flat()
    .flatMap((write) => (write.table === 'Inventory' && write.do !== 'check' ? [write.do === 'put' ? write.row.pk : write.key.pk] : []));
