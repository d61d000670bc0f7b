import { byProvider } from '../../core/operation/by-provider.ts';
import type { ArrayCall, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask } from '../../core/operation/task-error.ts';
import { type VolumeCreatePlan, volumeCreatePlan } from '../../core/volume/plan.ts';
import { removedVolume } from '../../core/volume/settle.ts';
import { takeBackCreate } from '../../core/volume/take-back.ts';
import { itemsOf, madePart, plannedCalls, unmadePart } from './items.ts';
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
  ordered: ({ volumes }) => volumes[0]?.id,
  resources: (plan) => [...plan.volumes, ...plan.pools].map(({ id }) => id),
  commit: (settling) => ({
    parts: itemsOf(settling.plan).map((item) => madePart(settling, item, 'the volume was created')),
    writes: [],
    tasks: [],
  }),
  rollBack: (settling) => ({
    parts: itemsOf(settling.plan).map((item) =>
      unmadePart(settling, item, { patch: removedVolume, task: failedTask(item.id, settling.failure, 'the volume was not created') }),
    ),
    writes: [],
    tasks: [],
  }),
  takeBack: takeBackCreate,
  resolve: volumeCreateResolve,
};
