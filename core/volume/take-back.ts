import { giveBackCapacity } from '../capacity/take.ts';
import type { SettledPart, Settling, TakingBack } from '../operation/steps.ts';
import { failedTask } from '../operation/task-error.ts';
import { countedIn } from '../quota/limits.ts';
import { giveBackQuota } from '../quota/quota.ts';
import { taskIdOf } from '../urn.ts';
import type { VolumeCreatePlan, VolumeDeletePlan } from './plan.ts';
import { releaseCounted, releaseVolume, removedVolume, settledVolume, volumeNow } from './settle.ts';

type At<Plan> = Omit<Settling<Plan>, 'answers' | 'learned'>;

/** Those of the volumes that were reached. */
const reached = ({ operation, row }: At<unknown>, ids: readonly string[]): string[] =>
  ids.filter((id) => row(id)?.['activeTaskId'] === taskIdOf(operation.id, id));

const idsOf = ({ volumes }: { readonly volumes: readonly { readonly id: string }[] }): string[] => volumes.map(({ id }) => id);

/** The quotas that were there when it was ordered are given back at last; one that has counted the volume since, with the volume. */
const unmadePart = (at: At<VolumeCreatePlan>, id: string): SettledPart => {
  const volume = volumeNow(at, id);
  const quotaIds = countedIn(volume).filter((quotaId) => !at.plan.quotaIds?.includes(quotaId));
  return settledVolume(at, id, {
    writes: releaseCounted(at, volume, removedVolume),
    givesQuota: { bytes: volume.provisionedBytes, quotaIds },
    task: failedTask(id, at.failure, 'the volume was not created'),
  });
};

/** All the capacity was taken at first, and is given back at last. */
export const takeBackCreate: TakingBack<VolumeCreatePlan> = {
  resources: ({ volumes, pools }) => [...idsOf({ volumes }), ...idsOf({ volumes: pools })],
  settle: (at) => {
    const { plan } = at;
    const shares = plan.pools.flatMap(({ id: poolId }, n) => {
      const here = at.row(poolId) ? plan.volumes.filter(({ pool }) => pool === n) : [];
      return here.map(({ bytes }) => ({ poolId, bytes, volumes: 1, provisioning: plan.provisioning }));
    });
    const parts = reached(at, idsOf(plan)).map((id) => unmadePart(at, id));
    const quota = plan.volumes.map(({ bytes }) => ({ bytes, quotaIds: plan.quotaIds ?? [] }));
    return { parts, writes: [...giveBackCapacity(shares), ...giveBackQuota(quota)], tasks: [] };
  },
};

const keptPart = (at: At<VolumeDeletePlan>, id: string): SettledPart =>
  settledVolume(at, id, {
    writes: releaseVolume(at, volumeNow(at, id), { state: 'ready' }),
    task: failedTask(id, at.failure, 'the volume was not deleted'),
  });

export const takeBackDelete: TakingBack<VolumeDeletePlan> = {
  resources: idsOf,
  settle: (at) => ({ parts: reached(at, idsOf(at.plan)).map((id) => keptPart(at, id)), writes: [], tasks: [] }),
};
