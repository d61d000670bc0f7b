import type { Condition } from '../change.ts';
import type { Volume } from '../inventory/schemas.ts';

/** What of a volume says whose quotas it may be counted in. */
export type Owned = Pick<Volume, 'projectId' | 'tenantId' | 'vpoolId'>;

export type LimitedType = 'VirtualPool' | 'Project' | 'TenantOrg';

interface Limit {
  readonly type: LimitedType;
  readonly noun: string;
  readonly idOf: (owned: Owned) => string;
  /** Of a volume's row: it is in the counter. */
  readonly mark: 'countedInVpool' | 'countedInProject' | 'countedInTenant';
}

/** What may have a quota, in the order in which an order is judged. */
export const limits: readonly Limit[] = [
  { type: 'VirtualPool', noun: 'virtual pool', idOf: ({ vpoolId }) => vpoolId, mark: 'countedInVpool' },
  { type: 'Project', noun: 'project', idOf: ({ projectId }) => projectId, mark: 'countedInProject' },
  { type: 'TenantOrg', noun: 'tenant', idOf: ({ tenantId }) => tenantId, mark: 'countedInTenant' },
];

export type Marks = Partial<Pick<Volume, Limit['mark']>>;

/** The ids of those in whose counters a volume is. */
export const countedIn = (volume: Owned & Marks): string[] => limits.flatMap(({ mark, idOf }) => (volume[mark] ? [idOf(volume)] : []));

/** The marks of a new volume that is in these counters. */
export const marksOf = (owned: Owned, ids: readonly string[]): Marks =>
  Object.fromEntries(limits.filter(({ idOf }) => ids.includes(idOf(owned))).map(({ mark }) => [mark, true]));

/** A quota that begins counts volumes that others work on: whoever gives back by the marks he read asks that none came since. */
export const notCountedSince = (volume: Marks): Condition[] =>
  limits.flatMap(({ mark }): Condition[] => (volume[mark] ? [] : [{ attribute: mark, is: 'absent' }]));
