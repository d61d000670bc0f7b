import type { ObservedVolume } from '../sdk/model.ts';
import type { BatchAnswer, VolumeIdentity, VolumeItem } from '../sdk/verbs.ts';
import { unlikePlan } from './create.ts';
import type { Gateway } from './gateway.ts';
import { removable, removableAsPlanned, remove } from './removal.ts';
import { eachItem, type Run } from './run.ts';
import type { VolumeWire } from './wire.ts';

const check = (gateway: Gateway, volume: VolumeIdentity): Promise<VolumeWire | undefined> =>
  volume.kind === 'committed'
    ? removable(gateway, volume)
    : removableAsPlanned(gateway, { ...volume, unlike: (there) => unlikePlan(there, volume) });

/** A committed volume: one look and one removal. A planned one: two looks, one at its tree, one removal. */
export const ensureVolumesAbsent = (run: Run, { items }: { items: readonly VolumeItem[] }): Promise<BatchAnswer<ObservedVolume>> =>
  eachItem(run, items, async ({ volume }) => remove(run.gateway, await check(run.gateway, volume)));
