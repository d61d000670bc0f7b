import { formatGib } from '../capacity/size.ts';
import type { Value, Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { referenceBody } from '../inventory/links.ts';
import { findResource } from '../inventory/read.ts';
import type { Rows } from '../ports.ts';
import { type LimitedType, limits, type Marks, type Owned } from './limits.ts';
import { bytesPerGb, findQuotas, type Quota, quotaKey } from './quota.ts';

interface Limiting {
  readonly type: LimitedType;
  readonly noun: string;
  readonly quota: Quota;
  /** Of volumes that are there already: this one is in the counter. */
  readonly isCounted: boolean;
}

/** What an order takes of quotas. */
export interface Reservation {
  readonly writes: readonly Write[];
  /** Whose counters it is in. */
  readonly quotaIds: readonly string[];
  /** As a dry run shows it. */
  readonly preview: readonly { readonly [field: string]: Value }[];
}

export const nothingReserved: Reservation = { writes: [], quotaIds: [], preview: [] };

const readLimiting = async (rows: Rows, owned: Owned & Marks): Promise<Limiting[]> => {
  const found = await findQuotas(
    rows,
    limits.map(({ idOf }) => idOf(owned)),
  );
  return limits.flatMap(({ type, noun, mark }, n) => {
    const quota = found[n];
    return quota ? [{ type, noun, quota, isCounted: owned[mark] === true }] : [];
  });
};

const named = async (rows: Rows, { type, noun, quota }: Limiting): Promise<string> => {
  const resource = await findResource(rows, 'system', { type, id: quota.id });
  return `the ${noun} ${resource?.name ?? 'that was removed'} (${quota.id})`;
};

/** What a project may have by its own quota is part of what its tenant may have, and is not judged twice. */
const isJudged = ({ type, quota }: Limiting, all: readonly Limiting[]): boolean => {
  if (quota.state !== 'counted') return false;
  return type !== 'TenantOrg' || !all.some((other) => other.type === 'Project' && other.quota.state !== 'off');
};

const limitBytes = ({ limitGb }: Quota): number => limitGb * bytesPerGb;

const requireCounted = async (rows: Rows, all: readonly Limiting[]): Promise<void> => {
  const counting = all.find(({ quota }) => quota.state === 'counting');
  if (!counting) return;
  throw new ControlPlaneError(
    `the quota of ${await named(rows, counting)} was just enabled, and what it has is being counted; try again in a minute`,
    { code: 'service.busy', final: true },
  );
};

const requireRoom = async (rows: Rows, limiting: Limiting, bytes: number): Promise<void> => {
  const { quota } = limiting;
  if (quota.usedBytes + bytes <= limitBytes(quota)) return;
  throw new ControlPlaneError(
    `the quota of ${await named(rows, limiting)} is ${quota.limitGb} GB: ${formatGib(quota.usedBytes)} GB are used and ${formatGib(bytes)} GB more are asked for`,
    { code: 'quota.exceeded' },
  );
};

const take = ({ quota }: Limiting, bytes: number, judged: boolean): Write => ({
  do: 'update',
  table: 'Inventory',
  key: quotaKey(quota.id),
  add: { usedBytes: bytes, moves: 1 },
  when: [
    { attribute: 'version', is: '=', value: quota.version },
    ...(judged ? [{ attribute: 'usedBytes', is: '<=', value: limitBytes(quota) - bytes } as const] : []),
  ],
  otherwise: { code: 'resource.changed', message: 'a quota was changed or used by another request at the same time; try again' },
});

const shown = ({ quota }: Limiting, bytes: number, judged: boolean) => ({
  limited_resource: referenceBody(quota.id),
  quota_gb: quota.limitGb,
  used_gb: formatGib(quota.usedBytes),
  used_gb_after: formatGib(quota.usedBytes + bytes),
  limits: judged,
});

const reserve = async (
  rows: Rows,
  bytes: number,
  { all, counted }: { readonly all: readonly Limiting[]; readonly counted: readonly Limiting[] },
): Promise<Reservation> => {
  await requireCounted(rows, all);
  const taken = counted.map((limiting) => ({ limiting, judged: isJudged(limiting, all) }));
  for (const { limiting, judged } of taken) if (judged) await requireRoom(rows, limiting, bytes);
  return {
    writes: taken.map(({ limiting, judged }) => take(limiting, bytes, judged)),
    quotaIds: counted.map(({ quota }) => quota.id),
    preview: taken.map(({ limiting, judged }) => shown(limiting, bytes, judged)),
  };
};

/**
 * For new volumes, of so many bytes together. To be asked after the storage pools were read: a quota that begins changes all of them, so that
 * an order which does not know of it is not accepted any more. Throws `quota.exceeded`, and `service.busy` while a quota is being counted.
 */
export const reserveForNew = async (rows: Rows, owned: Owned, bytes: number): Promise<Reservation> => {
  const all = await readLimiting(rows, owned);
  return reserve(rows, bytes, { all, counted: all.filter(({ quota }) => quota.state !== 'off') });
};

/**
 * For a volume that grows by so many bytes: the counters that it is in follow, also of a quota that is off. Its marks must be asked for in the
 * transaction. Throws as `reserveForNew` does.
 */
export const reserveForMore = async (rows: Rows, volume: Owned & Marks, bytes: number): Promise<Reservation> => {
  const all = await readLimiting(rows, volume);
  return reserve(rows, bytes, { all, counted: all.filter(({ isCounted }) => isCounted) });
};
