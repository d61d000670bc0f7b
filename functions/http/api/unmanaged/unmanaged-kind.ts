import * as z from 'zod';
import { formatGib } from '../../../../core/capacity/size.ts';
import { referenceBody } from '../../../../core/inventory/links.ts';
import type { UnManagedVolume } from '../../../../core/inventory/schemas.ts';
import { commonBody, commonShape, referenceShape } from '../common-body.ts';
import { type ResourceKind, systemAdmins, systemReaders } from '../resource-kind.ts';

const unmanagedShape = z.object({
  ...commonShape,
  native_guid: z.string(),
  native_id: z.string().describe("The array's own id"),
  storage_system: referenceShape.optional(),
  storage_pool: referenceShape,
  wwn: z.string().nullable(),
  unmanaged_volumes_characterstics: z.array(z.object({ name: z.string(), value: z.string() })),
  provisioned_capacity_gb: z.string(),
  allocated_capacity_gb: z.string().optional(),
  bears_mark: z.boolean().describe('Its name is one that this installation gives'),
  kept_because: z.string().optional().describe('Why it is not removed by itself, if it bears our mark and there is no record of it'),
  mapped_to: z.array(z.object({ type: z.string(), initiator: z.string(), access: z.string() })).describe('At most 100'),
});

const yes = (is: boolean): string => (is ? 'TRUE' : 'FALSE');

const characteristics = ({ kind, provisioningType, mappingCount, managedElsewhere, ancestorNativeId }: UnManagedVolume) => [
  { name: 'IS_SNAP_SHOT', value: yes(kind === 'snapshot') },
  { name: 'IS_THINLY_PROVISIONED', value: yes(provisioningType === 'thin') },
  { name: 'IS_VOLUME_EXPORTED', value: yes(mappingCount > 0) },
  ...(managedElsewhere === undefined ? [] : [{ name: 'MANAGED_ELSEWHERE', value: managedElsewhere }]),
  ...(ancestorNativeId === undefined ? [] : [{ name: 'LOCAL_REPLICA_SOURCE_VOLUME', value: ancestorNativeId }]),
];

const optional = ({ systemId, allocatedBytes, keptBecause }: UnManagedVolume) => ({
  ...(systemId === undefined ? {} : { storage_system: referenceBody(systemId) }),
  ...(allocatedBytes === undefined ? {} : { allocated_capacity_gb: formatGib(allocatedBytes) }),
  ...(keptBecause === undefined ? {} : { kept_because: keptBecause }),
});

const unmanagedBody = (volume: UnManagedVolume): z.infer<typeof unmanagedShape> => ({
  ...commonBody(volume),
  native_guid: `${volume.arrayId}+${volume.nativeId}`,
  native_id: volume.nativeId,
  storage_pool: referenceBody(volume.poolId),
  wwn: volume.wwn ?? null,
  unmanaged_volumes_characterstics: characteristics(volume),
  provisioned_capacity_gb: formatGib(volume.sizeBytes),
  bears_mark: volume.bearsMark,
  mapped_to: volume.mappings.map(({ initiatorType, initiatorId, access }) => ({ type: initiatorType, initiator: initiatorId, access })),
  ...optional(volume),
});

export const unmanagedKind: ResourceKind<'UnManagedVolume'> = {
  type: 'UnManagedVolume',
  path: '/vdc/unmanaged/volumes',
  noun: 'unmanaged volume',
  listKey: 'unmanaged_volume',
  body: unmanagedShape,
  read: systemReaders,
  write: systemAdmins,
  scope: 'all',
  represent: unmanagedBody,
};
