import type { Key, Row, Write } from '../change.ts';
import { absent } from '../change.ts';
import type { Rows } from '../ports.ts';
import { mostTogether } from './chunks.ts';
import { type Operation, operationSchema, type Task, taskSchema } from './schema.ts';

/** From the end on; what is open is kept until it ends. */
const keptDays = 90;
/** A plan is written once, so its time counts from the beginning: longer than any operation stays open. */
const plansKeptDays = 800;

const learnedPrefix = 'LEARNED#';

export const operationKey = (operationId: string): Key => ({ pk: `OPERATION#${operationId}`, sk: 'OPERATION' });
export const planKey = (operationId: string): Key => ({ pk: `OPERATION#${operationId}`, sk: 'PLAN' });
/** What a step has learned, when that is too much for the operation's row. */
export const learnedKey = (operationId: string, step: string): Key => ({ pk: operationKey(operationId).pk, sk: `${learnedPrefix}${step}` });
export const taskKey = (taskId: string): Key => ({ pk: taskId, sk: 'TASK' });

export const openPk = 'OPEN';
export const openSortKey = (acceptedAt: string, operationId: string): string => `${acceptedAt}#${operationId}`;

const epochSeconds = (at: string): number => Math.floor(Date.parse(at) / 1000);

/** When an operation that ends now, and its tasks, are forgotten. */
export const expiryAfterEnd = (endedAt: string): number => epochSeconds(endedAt) + keptDays * 86_400;

const operationRow = ({ id, ...rest }: Operation): Row => ({
  ...operationKey(id),
  ...rest,
  failure: rest.failure ? { ...rest.failure } : undefined,
  outcomes: undefined,
  openPk,
  openSk: openSortKey(rest.acceptedAt, id),
});

const taskRow = ({ id, ...rest }: Task): Row => ({
  ...taskKey(id),
  ...rest,
  serviceError: undefined,
  repair: undefined,
  tenantPk: rest.tenantId,
  tenantSk: `${rest.startedAt}#${id}`,
});

/** As JSON, which is a little more than the store counts. A row so small costs one unit, also with the marks of its end. */
export const smallRowBytes = 1000;

/** When a row that is written once beside an operation is forgotten. */
export const besideExpiry = (writtenAt: string): number => epochSeconds(writtenAt) + plansKeptDays * 86_400;

/** A small plan stands in the operation's row; a larger one has a row of its own, written once, and so have many tasks' ids. */
const planWrites = (operation: Operation, plan: Row[string]): Write[] => {
  const row = operationRow(operation);
  const whole = { ...row, plan };
  if (JSON.stringify(whole).length <= smallRowBytes) return [{ do: 'put', table: 'Tasks', row: whole, when: absent }];
  const isLong = operation.taskIds.length > mostTogether;
  const planRow = {
    ...planKey(operation.id),
    plan,
    ...(isLong ? { taskIds: operation.taskIds } : {}),
    expiresAtEpochSeconds: besideExpiry(operation.acceptedAt),
  };
  return [
    { do: 'put', table: 'Tasks', row: isLong ? { ...row, taskIds: undefined } : row, when: absent },
    { do: 'put', table: 'Tasks', row: planRow, when: absent },
  ];
};

export const taskWrite = (task: Task): Write => ({ do: 'put', table: 'Tasks', row: taskRow(task), when: absent });

/** The rows of a new operation. */
export const operationWrites = (operation: Operation, plan: Row[string], tasks: readonly Task[]): Write[] => [
  ...planWrites(operation, plan),
  ...tasks.map(taskWrite),
];

const operationOf = (row: Row, beside: Row | undefined): Operation =>
  operationSchema.parse({ ...row, taskIds: row['taskIds'] ?? beside?.['taskIds'], id: row.pk.slice('OPERATION#'.length) });

export const findOperation = async (rows: Rows, operationId: string): Promise<Operation | undefined> => {
  const row = await rows.get('Tasks', operationKey(operationId));
  return row && operationOf(row, row['taskIds'] ? undefined : await rows.get('Tasks', planKey(operationId)));
};

export interface StoredOperation {
  readonly operation: Operation;
  readonly plan: unknown;
  /** By step. */
  readonly learned: Readonly<Record<string, unknown>>;
}

/** The operation with all that stands beside it, read together. */
export const findOperationWithPlan = async (rows: Rows, operationId: string): Promise<StoredOperation | undefined> => {
  const found = await rows.query({ table: 'Tasks', pk: operationKey(operationId).pk });
  const [operation, plan] = [operationKey(operationId), planKey(operationId)].map(({ sk }) => found.rows.find((row) => row.sk === sk));
  if (!operation) return undefined;
  const { outcomes, ...rest } = operationOf(operation, plan);
  const learned = found.rows.flatMap(({ sk, value }) => (sk.startsWith(learnedPrefix) ? [[sk.slice(learnedPrefix.length), value]] : []));
  return {
    operation: { ...rest, ...(outcomes ? { outcomes } : {}) },
    plan: operation['plan'] ?? plan?.['plan'],
    learned: { ...outcomes, ...Object.fromEntries(learned) },
  };
};

export const taskOf = (row: Row): Task => taskSchema.parse({ ...row, id: row.pk });

export const findTask = async (rows: Rows, taskId: string): Promise<Task | undefined> => {
  const row = await rows.get('Tasks', taskKey(taskId));
  return row && taskOf(row);
};
