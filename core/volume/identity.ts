import type { CommittedVolume } from '../../drivers/sdk/verbs.ts';
import { ControlPlaneError } from '../errors.ts';
import type { StoragePool, Volume } from '../inventory/schemas.ts';
import type { PlannedVolumeItem } from './plan.ts';

/** Of a volume that is ready: all that tells it from others on its array. */
export const plannedItem = (volume: Volume, pool: Pick<StoragePool, 'nativeId'>): PlannedVolumeItem => {
  const { nativeId, nativeCreatedAt } = volume;
  if (nativeId === undefined || nativeCreatedAt === undefined)
    throw new ControlPlaneError(`the volume ${volume.name} (${volume.id}) was not made on its array`, { code: 'resource.inUse' });
  return {
    id: volume.id,
    providerId: volume.providerId,
    nativeId,
    nativeName: volume.nativeName,
    nativeCreatedAt,
    bytes: volume.provisionedBytes,
    poolNativeId: pool.nativeId,
  };
};

export const committed = (item: PlannedVolumeItem): CommittedVolume => ({
  kind: 'committed',
  nativeId: item.nativeId,
  expectedName: item.nativeName,
  createdAt: item.nativeCreatedAt,
  sizeBytes: item.bytes,
  poolNativeId: item.poolNativeId,
});
