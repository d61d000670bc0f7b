import * as z from 'zod';

const bytes = z.number().int().nonnegative();
const provisioning = z.enum(['thin', 'thick']);

/** `pool` is a place in `pools`. */
export const volumeCreatePlan = z.object({
  acceptedAt: z.string(),
  provisioning,
  pools: z.array(
    z.object({ id: z.string(), providerId: z.string(), arrayId: z.string(), systemNativeId: z.string(), nativeId: z.string() }),
  ),
  volumes: z.array(z.object({ id: z.string(), nativeName: z.string(), pool: z.number().int(), bytes })),
  why: z.string(),
});
export type VolumeCreatePlan = z.infer<typeof volumeCreatePlan>;

/** A committed volume, as destructive verbs want it named. */
export const plannedVolume = z.object({
  id: z.string(),
  providerId: z.string(),
  nativeId: z.string(),
  nativeName: z.string(),
  nativeCreatedAt: z.string(),
  bytes,
  poolNativeId: z.string(),
});
export type PlannedVolumeItem = z.infer<typeof plannedVolume>;

export const volumeDeletePlan = z.object({ volumes: z.array(plannedVolume.extend({ arrayId: z.string() })) });
export type VolumeDeletePlan = z.infer<typeof volumeDeletePlan>;

export const volumeExpandPlan = z.object({ volume: plannedVolume, newBytes: bytes, newRequestedBytes: bytes });
export type VolumeExpandPlan = z.infer<typeof volumeExpandPlan>;
