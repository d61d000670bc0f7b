import type { ObservedVolume } from '../../drivers/sdk/model.ts';
import { absent, type Row, type Write } from '../change.ts';
import { fromRow, newResource, resourceKey, toRow } from '../inventory/resource.ts';
import { type UnManagedVolume, unmanagedVolumeSchema } from '../inventory/schemas.ts';
import { digestOf, discoveredId } from './discovered-id.ts';

export const unmanagedIdOf = (arrayId: string, nativeId: string): string => discoveredId('UnManagedVolume', arrayId, nativeId);

const mostMappings = 100;

interface Place {
  readonly providerId: string;
  readonly arrayId: string;
  /** Its name is one that this installation gives. */
  readonly bearsMark: boolean;
}

type FoundUnmanaged = Omit<UnManagedVolume, 'createdAt' | 'version' | 'inactive' | 'tags' | 'activeTaskId' | 'keptBecause'>;

const optional = ({ allocatedBytes, wwn, ancestorNativeId, sharedFateId, managedElsewhere }: ObservedVolume) => ({
  ...(allocatedBytes === undefined ? {} : { allocatedBytes }),
  ...(wwn === undefined ? {} : { wwn }),
  ...(ancestorNativeId === undefined ? {} : { ancestorNativeId }),
  ...(sharedFateId === undefined ? {} : { sharedFateId }),
  ...(managedElsewhere === undefined ? {} : { managedElsewhere }),
});

export const foundUnmanaged = (observed: ObservedVolume, { providerId, arrayId, bearsMark }: Place): FoundUnmanaged => {
  const { nativeId, systemNativeId } = observed;
  const found = {
    id: unmanagedIdOf(arrayId, nativeId),
    name: observed.name || nativeId,
    providerId,
    arrayId,
    nativeId,
    poolId: discoveredId('StoragePool', arrayId, observed.poolNativeId),
    ...(systemNativeId === undefined ? {} : { systemId: discoveredId('StorageSystem', arrayId, systemNativeId) }),
    kind: observed.kind,
    provisioningType: observed.provisioningType,
    sizeBytes: observed.sizeBytes,
    nativeCreatedAt: observed.createdAt,
    ...optional(observed),
    mappings: observed.mappings
      .slice(0, mostMappings)
      .map(({ initiatorType, initiatorId, access }) => ({ initiatorType, initiatorId, access })),
    mappingCount: observed.mappings.length,
    bearsMark,
  };
  return { ...found, digest: digestOf(found) };
};

/** What makes the stored row what was found: nothing, or one write. */
export const unmanagedWrites = (found: FoundUnmanaged, stored: Row | undefined, at: string): Write[] => {
  if (!stored)
    return [
      {
        do: 'put',
        table: 'Inventory',
        row: toRow({ ...newResource(found.id, found.name, at), ...found } as UnManagedVolume),
        when: absent,
      },
    ];
  const previous = fromRow(unmanagedVolumeSchema, stored);
  if (previous.digest === found.digest && !previous.inactive) return [];
  const { createdAt, tags, activeTaskId, keptBecause } = previous;
  const next: UnManagedVolume = {
    ...found,
    ...{ createdAt, tags, inactive: false, version: previous.version + 1 },
    ...(activeTaskId === undefined ? {} : { activeTaskId }),
    ...(keptBecause === undefined ? {} : { keptBecause }),
  };
  return [{ do: 'put', table: 'Inventory', row: toRow(next), when: [{ attribute: 'version', is: '=', value: previous.version }] }];
};

/** Says why it stays, unless that is said already. */
export const keptWrites = (stored: UnManagedVolume, keptBecause: string): Write[] => {
  if (stored.keptBecause === keptBecause) return [];
  return [
    {
      do: 'update',
      table: 'Inventory',
      key: resourceKey(stored.id),
      set: { keptBecause },
      add: { version: 1 },
      when: [{ attribute: 'version', is: '=', value: stored.version }],
    },
  ];
};

/** It is not on the array any more, or it is ours now: it leaves the lists. */
export const goneWrites = (stored: UnManagedVolume): Write[] => {
  if (stored.inactive || stored.activeTaskId) return [];
  return [
    {
      do: 'update',
      table: 'Inventory',
      key: resourceKey(stored.id),
      set: { inactive: true },
      add: { version: 1 },
      when: [{ attribute: 'version', is: '=', value: stored.version }],
    },
  ];
};
