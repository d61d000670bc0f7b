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

export const volumeDeletePlan = z.object({ volumes: z.array(plannedVolume.extend({ arrayId: z.string() })) });
export type VolumeDeletePlan = z.infer<typeof volumeDeletePlan>;

export const volumeExpandPlan = z.object({ volume: plannedVolume, newBytes: bytes, newRequestedBytes: bytes });
export type VolumeExpandPlan = z.infer<typeof volumeExpandPlan>;
