import type { Value, Write } from '../change.ts';
import type { Author } from '../inventory/changes.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { Clock, Rows } from '../ports.ts';
import { freeIdempotency } from '../request.ts';
import { endOperation } from './end.ts';
import type { Operation } from './schema.ts';
import { settlingAnew } from './settle-anew.ts';
import type { ResourceReader, Settlement, TakingBack } from './steps.ts';

type At = Parameters<TakingBack<unknown>['settle']>[0];

/** A way of taking back, with the plan of the operation that it is for. */
export interface BoundTakingBack {
  readonly resourceIds: readonly string[];
  readonly settle: (at: Omit<At, 'plan'>) => Settlement;
}

export const bindTakingBack = <Plan>({ resources, settle }: TakingBack<Plan>, plan: Plan): BoundTakingBack => ({
  resourceIds: resources(plan),
  settle: (at) => settle({ ...at, plan }),
});

export const resourceReader = async (rows: Rows, ids: readonly string[]): Promise<ResourceReader['row']> => {
  const found = await rows.getMany('Inventory', ids.map(resourceKey));
  const byId = new Map<string, Readonly<Record<string, Value | undefined>>>();
  for (const row of found) if (row) byId.set(row.pk, { ...row, id: row.pk });
  return (id) => byId.get(id);
};

const abandoned = {
  code: 'operation.failed',
  message: 'the request ended before all of the order was stored; nothing was done on any array, and what was stored is taken back',
} as const;

/**
 * Takes back what is stored of an operation whose acceptance did not end. To be called by its owner, which is not the request any more:
 * that cannot go on storing. Called again it goes on where it was.
 */
export const takeBack = async (
  ports: { readonly rows: Rows; readonly clock: Clock },
  { operation, author }: { readonly operation: Operation; readonly author: Author },
  bound: BoundTakingBack,
): Promise<void> => {
  const failure = operation.failure ?? abandoned;
  const key: Write[] = operation.idempotencyPk === undefined ? [] : [freeIdempotency(operation.idempotencyPk)];
  await settlingAnew(ports.rows, operation, async (now) => {
    const row = await resourceReader(ports.rows, bound.resourceIds);
    const settlement = bound.settle({ operation: now, author, row, failure });
    await endOperation(ports, now, { state: 'rolled-back', settlement: { ...settlement, writes: [...settlement.writes, ...key] } });
  });
};
