import { listStubs } from '../inventory/read.ts';
import type { ResourceType, Volume } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';
import { openOperations } from '../provider/capacity-sum.ts';
import { limits, type Marks, type Owned } from './limits.ts';
import { findQuotas, type Quota } from './quota.ts';
import { visitVolumes } from './scope.ts';

/** By how much the counter of a quota exceeds the sum of the volumes that bear its mark, and how many bear none though all should. */
export interface QuotaDifference {
  readonly quota: Quota;
  readonly bytes: number;
  readonly unmarked: number;
}

export interface QuotaSum {
  readonly bytes: number;
  readonly unmarked: number;
  /** A task works on one of its volumes; what is taken is in the counter before it is in a volume's row. */
  readonly isMoving: boolean;
}

const idsOf = async (rows: Rows, type: ResourceType, scope: string): Promise<string[]> =>
  (await listStubs(rows, { type, scope })).stubs.map(({ id }) => id);

const everyQuota = async (rows: Rows): Promise<Quota[]> => {
  const [vpools, tenants] = await Promise.all([idsOf(rows, 'VirtualPool', 'all'), idsOf(rows, 'TenantOrg', 'all')]);
  const projects = await Promise.all(tenants.map((tenant) => idsOf(rows, 'Project', tenant)));
  const found = await findQuotas(rows, [...vpools, ...projects.flat(), ...tenants]);
  return found.flatMap((quota) => quota ?? []);
};

type Counted = Owned & Marks & Pick<Volume, 'provisionedBytes' | 'activeTaskId'>;

/** Of volumes of which all are its own. */
export const quotaSum = (id: string, volumes: readonly Counted[]): QuotaSum => {
  const isMarked = (volume: Counted): boolean => limits.some(({ idOf, mark }) => idOf(volume) === id && volume[mark] === true);
  const marked = volumes.filter(isMarked);
  return {
    bytes: marked.reduce((sum, volume) => sum + volume.provisionedBytes, 0),
    unmarked: volumes.length - marked.length,
    isMoving: volumes.some(({ activeTaskId }) => activeTaskId !== undefined),
  };
};

const sumOf = async (rows: Rows, { id }: Quota): Promise<QuotaSum> => {
  let sum: QuotaSum = { bytes: 0, unmarked: 0, isMoving: false };
  await visitVolumes(rows, id, async (volumes) => {
    const more = quotaSum(id, volumes);
    sum = { bytes: sum.bytes + more.bytes, unmarked: sum.unmarked + more.unmarked, isMoving: sum.isMoving || more.isMoving };
    return true;
  });
  return sum;
};

export const differenceOf = (quota: Quota, sum: QuotaSum): QuotaDifference => ({
  quota,
  bytes: quota.usedBytes - sum.bytes,
  unmarked: quota.state === 'counted' ? sum.unmarked : 0,
});

/** Sums the volumes of each quota, by consistent reads. Those that move meanwhile are left out, and all while a large order is being stored. */
export const sumQuotas = async (rows: Rows): Promise<QuotaDifference[]> => {
  const differences: QuotaDifference[] = [];
  const quotas = await everyQuota(rows);
  const isStoring = quotas.length > 0 && (await openOperations(rows)).some(({ state }) => state === 'accepting');
  for (const before of isStoring ? [] : quotas) {
    const sum = await sumOf(rows, before);
    const [now] = await findQuotas(rows, [before.id]);
    if (now && now.moves === before.moves && now.version === before.version && !sum.isMoving) differences.push(differenceOf(now, sum));
  }
  return differences;
};
