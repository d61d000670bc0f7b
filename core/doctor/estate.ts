import type { Row } from '../change.ts';
import { fromRow, type Resource } from '../inventory/resource.ts';
import { type ResourceOf, type ResourceType, schemas } from '../inventory/schemas.ts';
import { type Operation, operationSchema, type Task } from '../operation/schema.ts';
import { taskOf } from '../operation/store.ts';
import { parseUrn } from '../urn.ts';
import type { StoreRows } from './finding.ts';

/** What the rows of the store say, read as what they are. */
export interface Estate {
  readonly rows: StoreRows;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly tasks: ReadonlyMap<string, Task>;
}

const isKnown = (type: string | undefined): type is ResourceType => type !== undefined && type in schemas;

const resourceOf = (row: Row): Resource | undefined => {
  const type = parseUrn(row.pk)?.type;
  return isKnown(type) ? fromRow(schemas[type], row) : undefined;
};

const taskIdsOf = (row: Row, plans: ReadonlyMap<string, Row>) => row['taskIds'] ?? plans.get(row.pk)?.['taskIds'] ?? [];

const operationsOf = (tasks: readonly Row[]): Operation[] => {
  const plans = new Map(tasks.flatMap((row) => (row.sk === 'PLAN' ? [[row.pk, row] as const] : [])));
  return tasks.flatMap((row) =>
    row.sk === 'OPERATION'
      ? [operationSchema.parse({ ...row, taskIds: taskIdsOf(row, plans), id: row.pk.slice('OPERATION#'.length) })]
      : [],
  );
};

const byId = <T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.id, item]));

export const estateOf = (rows: StoreRows): Estate => ({
  rows,
  resources: byId(rows.inventory.flatMap((row) => (row.sk === 'RESOURCE' ? (resourceOf(row) ?? []) : []))),
  operations: byId(operationsOf(rows.tasks)),
  tasks: byId(rows.tasks.flatMap((row) => (row.sk === 'TASK' ? [taskOf(row)] : []))),
});

/** Those of one type that were not removed. */
export const activeOf = <T extends ResourceType>({ resources }: Estate, type: T): ResourceOf<T>[] =>
  [...resources.values()].flatMap((resource) =>
    parseUrn(resource.id)?.type === type && !resource.inactive ? [resource as ResourceOf<T>] : [],
  );

/** Whether something is under way that may change it at any moment. */
export const isMoving = (resource: Resource): boolean => resource.activeTaskId !== undefined;
