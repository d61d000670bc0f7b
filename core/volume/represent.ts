import { formatGib } from '../capacity/size.ts';
import { referenceBody, selfLink } from '../inventory/links.ts';
import { getMany } from '../inventory/read.ts';
import type { StoragePool, Volume } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';

/** A volume as CoprHD's clients read it. Sizes are texts in GiB. `inactive` and `protection` are always there. */
export const volumeBody = (volume: Volume, pool: Pick<StoragePool, 'protocols' | 'systemType'> | undefined) => ({
  id: volume.id,
  name: volume.name,
  link: selfLink(volume.id),
  creation_time: Date.parse(volume.createdAt),
  tags: volume.tags,
  inactive: volume.inactive,
  internal: false,
  global: false,
  remote: false,
  device_label: volume.nativeName,
  native_id: volume.nativeId ?? null,
  project: referenceBody(volume.projectId),
  tenant: referenceBody(volume.tenantId),
  varray: referenceBody(volume.varrayId),
  vpool: referenceBody(volume.vpoolId),
  storage_controller: volume.systemId,
  storage_pool: referenceBody(volume.poolId),
  protocols: pool?.protocols ?? [],
  system_type: pool?.systemType ?? null,
  wwn: volume.wwn ?? null,
  requested_capacity_gb: formatGib(volume.requestedBytes),
  provisioned_capacity_gb: formatGib(volume.provisionedBytes),
  allocated_capacity_gb: formatGib(volume.allocatedBytes ?? 0),
  thinly_provisioned: volume.provisioningType === 'thin',
  is_composite: false,
  access_state: volume.state === 'ready' || volume.state === 'expanding' ? 'READWRITE' : 'NOT_READY',
  link_status: 'OTHER',
  protection: null,
  delete_protected: volume.deleteProtected ?? false,
  state: volume.state,
  discovery_status: volume.visibility === 'not-visible' ? 'NOTVISIBLE' : 'VISIBLE',
  ...(volume.notVisibleSince ? { not_visible_since: volume.notVisibleSince } : {}),
  ...(volume.drift ? { drift: volume.drift } : {}),
});

/** Volumes with what their pools tell of them; each pool is read once. */
export const volumeBodies = async (rows: Rows, volumes: readonly Volume[]) => {
  const poolIds = [...new Set(volumes.map(({ poolId }) => poolId))];
  const pools = await getMany(rows, 'system', { type: 'StoragePool', ids: poolIds });
  return volumes.map((volume) =>
    volumeBody(
      volume,
      pools.find(({ id }) => id === volume.poolId),
    ),
  );
};
