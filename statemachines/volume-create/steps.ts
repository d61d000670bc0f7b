import { byProvider } from '../../core/operation/by-provider.ts';
import type { ArrayCall, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask } from '../../core/operation/task-error.ts';
import { type VolumeCreatePlan, volumeCreatePlan } from '../../core/volume/plan.ts';
import { releaseVolume, removedVolume, volumeNow } from '../../core/volume/settle.ts';
import { commitItem, givenBack, itemsOf, plannedCalls } from './items.ts';
import { volumeCreateResolve } from './resolve.ts';

const ensure = (plan: VolumeCreatePlan): ArrayCall[] =>
  byProvider(itemsOf(plan)).map(([providerId, items]) => ({
    providerId,
    verb: 'ensureVolumes',
    input: {
      items: items.map(({ id, nativeName, pool, bytes }) => ({
        ref: id,
        name: nativeName,
        systemNativeId: pool.systemNativeId,
        poolNativeId: pool.nativeId,
        sizeBytes: bytes,
        provisioningType: plan.provisioning,
      })),
    },
  }));

export const volumeCreateSteps: WorkflowSteps<VolumeCreatePlan> = {
  plan: volumeCreatePlan,
  steps: { EnsureVolumes: { run: ensure, undo: (plan) => plannedCalls(plan, 'ensureVolumesAbsent') } },
  resources: (plan) => [...plan.volumes, ...plan.pools].map(({ id }) => id),
  commit: (settling) => ({
    writes: itemsOf(settling.plan).flatMap((item) => commitItem(settling, item)),
    tasks: settling.plan.volumes.map(({ id }) => ({ resourceId: id, state: 'ready', message: 'the volume was created' })),
  }),
  rollBack: (settling) => {
    const items = itemsOf(settling.plan);
    return {
      writes: [
        ...items.flatMap(({ id }) => releaseVolume(settling, volumeNow(settling, id), removedVolume)),
        ...givenBack(settling, items),
      ],
      tasks: items.map(({ id }) => failedTask(id, settling.failure, 'the volume was not created')),
    };
  },
  resolve: volumeCreateResolve,
};
