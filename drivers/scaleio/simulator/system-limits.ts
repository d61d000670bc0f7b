import type { Json } from './json.ts';
import type { ArrayState } from './model.ts';
import { atLeast } from './versions.ts';

type Row = [type: string, description: string, maxVal: number, minVal?: number];

const since3 = ({ limits }: ArrayState): Row[] => [
  ['volumesPerProtectionDomain', 'Number of volumes per protection domain', 32768],
  ['volumePerMediumGranularityVtree', 'Number of volumes per medium-granularity volume tree', limits.snapshotsPerVTree + 1],
  ['snapshotsPerMediumGranularityVtree', 'Number of snapshots per medium-granularity volume tree', limits.snapshotsPerVTree],
];

const since4 = ({ limits }: ArrayState): Row[] => [
  ['sdts', 'Number of SDTs', 512],
  ['sdtsPerProtectionDomain', 'Number of SDTs per protection domain', 128, 2],
  ['nvmeHosts', 'Number of NVMe hosts', 1024],
  ['volumesPerNvmeHost', 'Number of volumes mapped to a single NVMe host', limits.volumesPerSdc],
];

/** Numbers are strings here; a least value stands only where there is one. */
export function systemLimits(array: ArrayState): Json {
  const { limits } = array;
  const rows: Row[] = [
    ['protectionDomains', 'Number of protection domains', 256],
    ['storagePools', 'Number of storage pools', 1024],
    ['storagePoolsPerProtectionDomain', 'Number of storage pools per protection domain', 64],
    ['faultSets', 'Number of fault sets', 16384],
    ['sdss', 'Number of SDSs', 512],
    ['sdssPerProtectionDomain', 'Number of SDSs per protection domain', 128],
    ['devicesPerSds', 'Number of devices per SDS', 64],
    ['devicePerStoragePool', 'Number of devices per Storage Pool', 300],
    ['sdcs', 'Number of SDCs', limits.sdcs],
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
    ...(atLeast(array.version, '3.0') ? since3(array) : []),
    ...(atLeast(array.version, '4.5') ? since4(array) : []),
  ];
  const systemLimitEntryList = rows.map(([type, description, maxVal, minVal]) => ({
    ...{ type, description, maxVal: String(maxVal) },
    ...(minVal === undefined ? {} : { minVal: String(minVal) }),
  }));
  return { systemLimitEntryList };
}
