import type { Row } from '../change.ts';
import { type ExportPair, pairOf } from '../export/pair.ts';
import { fromRow, type Resource } from '../inventory/resource.ts';
import { type ResourceOf, type ResourceType, schemas, type Volume } from '../inventory/schemas.ts';
import { type Operation, operationSchema, type Task } from '../operation/schema.ts';
import { taskOf } from '../operation/store.ts';
import { type Quota, quotaOf, quotaSort } from '../quota/quota.ts';
import { parseUrn } from '../urn.ts';
import { exportPrefix } from '../volume/require.ts';
import type { Finding, StoreRows } from './finding.ts';
import { type Reading, readRows } from './reading.ts';

/** What the rows of the store say, read as what they are. */
export interface Estate {
  readonly rows: StoreRows;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly pairs: readonly ExportPair[];
  readonly quotas: readonly Quota[];
  readonly unreadable: readonly Finding[];
}

const isKnown = (type: string | undefined): type is ResourceType => type !== undefined && type in schemas;

const resourceOf = (row: Row): Resource | undefined => {
  const type = parseUrn(row.pk)?.type;
  return isKnown(type) ? fromRow(schemas[type], row) : undefined;
};

const taskIdsOf = (row: Row, plans: ReadonlyMap<string, Row>) => row['taskIds'] ?? plans.get(row.pk)?.['taskIds'] ?? [];

const operationsOf = (tasks: readonly Row[]): Reading<Operation> => {
  const plans = new Map(tasks.flatMap((row) => (row.sk === 'PLAN' ? [[row.pk, row] as const] : [])));
  return readRows(tasks, (row) =>
    row.sk === 'OPERATION'
      ? operationSchema.parse({ ...row, taskIds: taskIdsOf(row, plans), id: row.pk.slice('OPERATION#'.length) })
      : undefined,
  );
};

const byId = <T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.id, item]));

export const estateOf = (rows: StoreRows): Estate => {
  const resources = readRows(rows.inventory, (row) => (row.sk === 'RESOURCE' ? resourceOf(row) : undefined));
  const pairs = readRows(rows.inventory, (row) => (row.sk.startsWith(exportPrefix) ? pairOf(row) : undefined));
  const quotas = readRows(rows.inventory, (row) => (row.sk === quotaSort ? quotaOf(row) : undefined));
  const operations = operationsOf(rows.tasks);
  const tasks = readRows(rows.tasks, (row) => (row.sk === 'TASK' ? taskOf(row) : undefined));
  return {
    rows,
    resources: byId(resources.found),
    pairs: pairs.found,
    quotas: quotas.found,
    operations: byId(operations.found),
    tasks: byId(tasks.found),
    unreadable: [resources, pairs, quotas, operations, tasks].flatMap(({ unreadable }) => unreadable),
  };
};

/** Those of one type that were not removed. */
export const activeOf = <T extends ResourceType>({ resources }: Estate, type: T): ResourceOf<T>[] =>
  [...resources.values()].flatMap((resource) =>
    parseUrn(resource.id)?.type === type && !resource.inactive ? [resource as ResourceOf<T>] : [],
  );

/** By the URN of a volume; also one that was removed. */
export const volumeOf = ({ resources }: Estate, volumeId: string): Volume | undefined => resources.get(volumeId) as Volume | undefined;

/** Whether something is under way that may change it at any moment. */
export const isMoving = (resource: Resource): boolean => resource.activeTaskId !== undefined;
