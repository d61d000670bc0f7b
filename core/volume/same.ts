import type { ObservedVolume } from '../../drivers/sdk/model.ts';
import type { PlannedVolumeItem } from './plan.ts';

/** The array's clock is not ours. */
const clockSkewMs = 5 * 60 * 1000;

interface PlannedIdentity {
  readonly nativeName: string;
  readonly poolNativeId: string;
  readonly bytes: number;
  readonly provisioning: ObservedVolume['provisioningType'];
  /** What is older was not made by the operation. */
  readonly notBefore: string;
}

const first = (differences: readonly (readonly [string, boolean])[]): string | undefined => differences.find(([, differs]) => differs)?.[0];

const managed = ({ managedElsewhere }: ObservedVolume) => ['owner', managedElsewhere !== undefined] as const;

/** In what a volume on the array differs from the one that was planned; undefined when it is that one. */
export const unlikePlanned = (observed: ObservedVolume, planned: PlannedIdentity): string | undefined =>
  first([
    ['name', observed.name !== planned.nativeName],
    ['kind', observed.kind !== 'volume'],
    ['pool', observed.poolNativeId !== planned.poolNativeId],
    ['size', observed.sizeBytes !== planned.bytes],
    ['provisioning type', observed.provisioningType !== planned.provisioning],
    ['time of creation', Date.parse(observed.createdAt) < Date.parse(planned.notBefore) - clockSkewMs],
    managed(observed),
  ]);

const second = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

/** In what, but its size, a volume on the array differs from the one on record; undefined when it is that one. */
export const unlikeRecord = (observed: ObservedVolume, item: PlannedVolumeItem): string | undefined =>
  first([
    ['native id', observed.nativeId !== item.nativeId],
    ['name', observed.name !== item.nativeName],
    ['pool', observed.poolNativeId !== item.poolNativeId],
    ['time of creation', second(observed.createdAt) !== second(item.nativeCreatedAt)],
    managed(observed),
  ]);
