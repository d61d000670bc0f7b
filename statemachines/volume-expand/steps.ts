import { giveBackCapacity } from '../../core/capacity/take.ts';
import type { Write } from '../../core/change.ts';
import type { Volume } from '../../core/inventory/schemas.ts';
import type { ArrayCall, Settlement, Settling, WorkflowSteps } from '../../core/operation/steps.ts';
import { failedTask, rejectedTask } from '../../core/operation/task-error.ts';
import { countedIn } from '../../core/quota/limits.ts';
import { giveBackQuota } from '../../core/quota/quota.ts';
import { committed } from '../../core/volume/identity.ts';
import { type VolumeExpandPlan, volumeExpandPlan } from '../../core/volume/plan.ts';
import { unlikeRecord } from '../../core/volume/same.ts';
import { answerOf, observedVolume, releaseCounted, releaseVolume, volumeNow } from '../../core/volume/settle.ts';

const expand = ({ volume, newBytes }: VolumeExpandPlan): ArrayCall[] => [
  {
    providerId: volume.providerId,
    verb: 'expandVolumes',
    input: { items: [{ ref: volume.id, volume: committed(volume), newSizeBytes: newBytes }] },
  },
];

const look = ({ volume }: VolumeExpandPlan): ArrayCall[] => [
  { providerId: volume.providerId, verb: 'readVolumes', input: { items: [{ ref: volume.id, volume: committed(volume) }] } },
];

const grown = (settling: Settling<VolumeExpandPlan>): Settlement => {
  const { volume, newBytes, newRequestedBytes } = settling.plan;
  const patch = { state: 'ready', provisionedBytes: newBytes, requestedBytes: newRequestedBytes } as const;
  return {
    writes: releaseVolume(settling, volumeNow(settling, volume.id), patch),
    tasks: [{ resourceId: volume.id, state: 'ready', message: 'the volume was expanded' }],
  };
};

/** Of what was taken for it. */
const giveBack = (now: Volume, bytes: number): Write[] =>
  bytes === 0
    ? []
    : [
        ...giveBackCapacity([{ poolId: now.poolId, bytes, volumes: 0, provisioning: now.provisioningType }]),
        ...giveBackQuota([{ bytes, quotaIds: countedIn(now) }]),
      ];

const unchanged = (settling: Settling<VolumeExpandPlan>, task: Settlement['tasks'][number]): Settlement => {
  const { plan } = settling;
  const now = volumeNow(settling, plan.volume.id);
  return {
    writes: [...releaseCounted(settling, now, { state: 'ready' }), ...giveBack(now, plan.newBytes - plan.volume.bytes)],
    tasks: [task],
  };
};

const message = 'the volume was not expanded';

/** Whatever size the array has is the volume's from now on. */
const accept = (settling: Settling<VolumeExpandPlan>): Settlement | { refusal: string } => {
  const { volume, newBytes, newRequestedBytes } = settling.plan;
  const observed = observedVolume(answerOf(settling.answers, volume.id));
  if (observed === undefined) return { refusal: `the volume ${volume.nativeName} is not on the array any more` };
  const difference = observed.sizeBytes < volume.bytes ? 'size' : unlikeRecord(observed, volume);
  if (difference) return { refusal: `the volume ${volume.nativeName} on the array is not the one on record: its ${difference} differs` };
  const now = volumeNow(settling, volume.id);
  const isGrown = observed.sizeBytes >= newBytes;
  const patch = {
    state: 'ready',
    provisionedBytes: observed.sizeBytes,
    ...(isGrown ? { requestedBytes: newRequestedBytes } : {}),
  } as const;
  return {
    writes: [...releaseCounted(settling, now, patch), ...giveBack(now, newBytes - observed.sizeBytes)],
    tasks: [
      isGrown
        ? { resourceId: volume.id, state: 'ready', message: 'the size that the array has was accepted' }
        : failedTask(volume.id, settling.failure, message),
    ],
  };
};

export const volumeExpandSteps: WorkflowSteps<VolumeExpandPlan> = {
  plan: volumeExpandPlan,
  steps: { ExpandVolumes: { run: expand } },
  look,
  resources: ({ volume }) => [volume.id],
  commit: (settling) => {
    const { id } = settling.plan.volume;
    const answer = answerOf(settling.answers, id);
    return answer?.status === 'done' ? grown(settling) : unchanged(settling, rejectedTask(id, answer, message));
  },
  /** Arrays do not shrink: a volume found larger has been expanded, whatever failed. */
  rollBack: (settling) => {
    const { volume, newBytes } = settling.plan;
    const observed = observedVolume(answerOf(settling.answers, volume.id));
    const isGrown = observed !== undefined && observed.sizeBytes >= newBytes;
    return isGrown ? grown(settling) : unchanged(settling, failedTask(volume.id, settling.failure, message));
  },
  resolve: {
    look,
    settle: (settling, how) => (how === 'accept' ? accept(settling) : { refusal: 'a volume that was there before is not released here' }),
  },
};
