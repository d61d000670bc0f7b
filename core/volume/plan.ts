import * as z from 'zod';
import { makeUrn, parseUrn } from '../urn.ts';
import { volumeIdIn } from './native-name.ts';

const bytes = z.number().int().nonnegative();
const provisioning = z.enum(['thin', 'thick']);

/** `pool` is a place in `pools`. */
export interface VolumeCreatePlan {
  readonly acceptedAt: string;
  readonly provisioning: z.infer<typeof provisioning>;
  readonly pools: readonly PlannedPool[];
  readonly volumes: readonly { readonly id: string; readonly nativeName: string; readonly pool: number; readonly bytes: number }[];
  /** Of an order in several transactions: whose quotas the first one took for all. */
  readonly quotaIds?: readonly string[] | undefined;
}

interface PlannedPool {
  readonly id: string;
  readonly providerId: string;
  readonly arrayId: string;
  readonly systemNativeId: string;
  readonly nativeId: string;
}

const uuidOf = (id: string): string => {
  const urn = parseUrn(id);
  if (!urn) throw new RangeError(`${id} is no id`);
  return urn.uuid;
};

/** As it is stored, so small that the plan of one volume stands in the operation's row: ids without what their type says, volumes by name. */
export const storedCreatePlan = ({ pools, volumes, ...rest }: VolumeCreatePlan) => ({
  ...rest,
  pools: pools.map((pool) => ({ ...pool, id: uuidOf(pool.id), providerId: uuidOf(pool.providerId) })),
  volumes: volumes.map(({ nativeName, pool, bytes: size }) => ({ name: nativeName, pool, bytes: size })),
});

/** Reads what `storedCreatePlan` made. */
export const volumeCreatePlan: z.ZodType<VolumeCreatePlan> = z
  .object({
    acceptedAt: z.string(),
    provisioning,
    pools: z.array(z.object({ id: z.uuid(), providerId: z.uuid(), arrayId: z.string(), systemNativeId: z.string(), nativeId: z.string() })),
    volumes: z.array(z.object({ name: z.string(), pool: z.number().int(), bytes })),
    quotaIds: z.array(z.string()).optional(),
  })
  .transform(({ pools, volumes, ...rest }) => ({
    ...rest,
    pools: pools.map((pool) => ({
      ...pool,
      id: makeUrn('StoragePool', pool.id),
      providerId: makeUrn('StorageProvider', pool.providerId),
    })),
    volumes: volumes.map(({ name, pool, bytes: size }) => ({ id: volumeIdIn(name), nativeName: name, pool, bytes: size })),
  }));

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

export interface VolumeDeletePlan {
  readonly volumes: readonly (PlannedVolumeItem & { readonly arrayId: string })[];
  /** The records are forgotten, and nothing is asked of the array. */
  readonly leavesArray?: true;
}

const goingVolumes = z.array(plannedVolume.extend({ arrayId: z.string() }));

/** What leaves the array alone is stored under a name of its own, so that an earlier release cannot take it for a deletion. */
export const storedDeletePlan = ({ volumes, leavesArray }: VolumeDeletePlan) =>
  leavesArray ? { leaves: [...volumes] } : { volumes: [...volumes] };

/** Reads what `storedDeletePlan` made. */
export const volumeDeletePlan: z.ZodType<VolumeDeletePlan> = z.union([
  z.object({ volumes: goingVolumes }),
  z.object({ leaves: goingVolumes }).transform(({ leaves }) => ({ volumes: leaves, leavesArray: true as const })),
]);

export const volumeExpandPlan = z.object({ volume: plannedVolume, newBytes: bytes, newRequestedBytes: bytes });
export type VolumeExpandPlan = z.infer<typeof volumeExpandPlan>;
