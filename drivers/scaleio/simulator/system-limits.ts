import type { Json } from './json.ts';
import type { ArrayState } from './model.ts';

/** Numbers are strings here; a least value stands only where there is one. */
export function systemLimits(array: ArrayState): Json {
  const { limits } = array;
  const rows: [type: string, description: string, maxVal: number, minVal?: number][] = [
    ['protectionDomains', 'Number of protection domains', 256],
    ['storagePools', 'Number of storage pools', 1024],
    ['storagePoolsPerProtectionDomain', 'Number of storage pools per protection domain', 64],
    ['faultSets', 'Number of fault sets', 16384],
    ['sdss', 'Number of SDSs', 512],
    ['sdssPerProtectionDomain', 'Number of SDSs per protection domain', 128],
    ['devicesPerSds', 'Number of devices per SDS', 64],
    ['devicePerStoragePool', 'Number of devices per Storage Pool', 300],
    ['sdcs', 'Number of SDCs', 2048],
    ['vtrees', 'Number of VTrees', limits.volumes],
    ['volumes', 'Number of volumes', limits.volumes],
    ['snapshots', 'Number of snapshots', limits.volumes],
    ['volumePerVtree', 'Number of volumes per VTree', limits.snapshotsPerVTree + 1],
    ['snapshotsPerVtree', 'Number of snapshots per VTree', limits.snapshotsPerVTree],
    ['volumesPerSdc', 'Number of volumes per SDC', limits.volumesPerSdc],
    ['sdcsPerVolume', 'Number of SDCs per volume', limits.mappingsPerVolume],
    ['volumeSizeGb', 'Single volume size in GB', 1048576, 8],
    ['sessions', 'Number of sessions', 128],
    ['users', 'Number of users', 256],
  ];
  const systemLimitEntryList = rows.map(([type, description, maxVal, minVal]) => ({
    ...{ type, description, maxVal: String(maxVal) },
    ...(minVal === undefined ? {} : { minVal: String(minVal) }),
  }));
  return { systemLimitEntryList };
}
