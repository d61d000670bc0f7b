import { giveBackCapacity } from '../capacity/take.ts';
import type { SettledPart, Settling, TakingBack } from '../operation/steps.ts';
import { failedTask } from '../operation/task-error.ts';
import { taskIdOf } from '../urn.ts';
import type { VolumeCreatePlan, VolumeDeletePlan } from './plan.ts';
import { releaseVolume, removedVolume, settledVolume, volumeNow } from './settle.ts';

type At<Plan> = Omit<Settling<Plan>, 'answers' | 'learned'>;

/** Those of the volumes that were reached. */
const reached = ({ operation, row }: At<unknown>, ids: readonly string[]): string[] =>
  ids.filter((id) => row(id)?.['activeTaskId'] === taskIdOf(operation.id, id));

const idsOf = ({ volumes }: { readonly volumes: readonly { readonly id: string }[] }): string[] => volumes.map(({ id }) => id);

const partsOf = (
  at: At<{ readonly volumes: readonly { readonly id: string }[] }>,
  patch: Parameters<typeof releaseVolume>[2],
  message: string,
): SettledPart[] =>
  reached(at, idsOf(at.plan)).map((id) =>
    settledVolume(at, id, { writes: releaseVolume(at, volumeNow(at, id), patch), task: failedTask(id, at.failure, message) }),
  );

/** All the capacity was taken at first, and is given back at last. */
export const takeBackCreate: TakingBack<VolumeCreatePlan> = {
  resources: ({ volumes, pools }) => [...idsOf({ volumes }), ...idsOf({ volumes: pools })],
  settle: (at) => {
    const { plan } = at;
    const shares = plan.pools.flatMap(({ id: poolId }, n) => {
      const here = at.row(poolId) ? plan.volumes.filter(({ pool }) => pool === n) : [];
      return here.map(({ bytes }) => ({ poolId, bytes, provisioning: plan.provisioning }));
    });
    return { parts: partsOf(at, removedVolume, 'the volume was not created'), writes: giveBackCapacity(shares), tasks: [] };
  },
};

export const takeBackDelete: TakingBack<VolumeDeletePlan> = {
  resources: idsOf,
  settle: (at) => ({ parts: partsOf(at, { state: 'ready' }, 'the volume was not deleted'), writes: [], tasks: [] }),
};
