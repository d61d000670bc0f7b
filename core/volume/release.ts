import { giveBackCapacity, type Share } from '../capacity/take.ts';
import type { Write } from '../change.ts';
import { changed } from '../inventory/changes.ts';
import type { Volume } from '../inventory/schemas.ts';
import { acceptOperation } from '../operation/accept.ts';
import { mostTogether, mostWrites } from '../operation/chunks.ts';
import { recordOperation } from '../operation/record.ts';
import { countedIn, notCountedSince } from '../quota/limits.ts';
import { giveBackQuota } from '../quota/quota.ts';
import { type ApiPorts, authorOf, type Conclusion, type RequestContext } from '../request.ts';
import { committedRows, type Deletion, deletePlanOf, lockedParts, poolOf, volumeBodies } from './deletion.ts';
import { dropNative } from './native-row.ts';
import { storedDeletePlan, type VolumeDeletePlan } from './plan.ts';
import { unchangedSince } from './require.ts';
import { releasedVolume } from './settle.ts';

const previewOf = (volumes: readonly Volume[]): Conclusion['plan'] => ({ volumes: volumeBodies(volumes), calls: [] });

const shareOf = ({ poolId, provisionedBytes, provisioningType }: Volume): Share => ({
  poolId,
  bytes: provisionedBytes,
  provisioning: provisioningType,
  volumes: 1,
  stays: true,
});

const atOnce = (ports: ApiPorts, request: RequestContext, { volumes, pools, context }: Deletion): Promise<Conclusion['answer']> => {
  const author = authorOf(ports, request, context.operationId);
  const forget = (volume: Volume): Write[] => [
    ...changed(volume, releasedVolume, { author, guard: unchangedSince(volume.version, notCountedSince(volume)) }),
    ...(volume.nativeId ? [dropNative({ arrayId: poolOf(pools, volume).arrayId, nativeId: volume.nativeId, volumeId: volume.id })] : []),
  ];
  return recordOperation(ports, request, {
    ...context,
    workflow: 'volume-release',
    plan: { volumes: volumes.map(({ id }) => id) },
    preview: previewOf(volumes),
    writes: [
      ...volumes.flatMap(forget),
      ...giveBackCapacity(volumes.map(shareOf)),
      ...giveBackQuota(volumes.map((volume) => ({ bytes: volume.provisionedBytes, quotaIds: countedIn(volume) }))),
    ],
  });
};

/** The workflow that deletes, without its calls: it locks all, and then forgets one chunk after the other. */
const inChunks = (ports: ApiPorts, request: RequestContext, deletion: Deletion): Promise<Conclusion['answer']> => {
  const plan: VolumeDeletePlan = { ...deletePlanOf(deletion), leavesArray: true };
  return acceptOperation(ports, request, {
    ...deletion.context,
    workflow: 'volume-delete',
    plan: storedDeletePlan(plan),
    preview: previewOf(deletion.volumes),
    writes: [],
    parted: lockedParts(plan, deletion, authorOf(ports, request, deletion.context.operationId)),
    changes: [],
  });
};

/**
 * Forgets volumes. Nothing is asked of the array: what lies there is no business of ours any more. What one transaction takes is done when it
 * is answered; more has tasks that run.
 */
export const releaseVolumes = (ports: ApiPorts, request: RequestContext, deletion: Deletion): Promise<Conclusion['answer']> => {
  const { volumes, pools } = deletion;
  const isLarge = volumes.length > mostTogether || committedRows(volumes, pools.length) > mostWrites;
  return isLarge ? inChunks(ports, request, deletion) : atOnce(ports, request, deletion);
};
