import type { Key, Row, Write } from '../change.ts';
import { absent } from '../change.ts';
import type { Rows } from '../ports.ts';
import { type Operation, operationSchema, type Task, taskSchema } from './schema.ts';

/** From the end on; what is open is kept until it ends. */
const keptDays = 90;
/** A plan is written once, so its time counts from the beginning: longer than any operation stays open. */
const plansKeptDays = 800;

export const operationKey = (operationId: string): Key => ({ pk: `OPERATION#${operationId}`, sk: 'OPERATION' });
export const planKey = (operationId: string): Key => ({ pk: `OPERATION#${operationId}`, sk: 'PLAN' });
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
const smallRowBytes = 1000;

/** A small plan stands in the operation's row; a larger one has a row of its own, written once. */
const planWrites = (operation: Operation, plan: Row[string]): Write[] => {
  const row = operationRow(operation);
  const whole = { ...row, plan };
  if (JSON.stringify(whole).length <= smallRowBytes) return [{ do: 'put', table: 'Tasks', row: whole, when: absent }];
  const planRow = { ...planKey(operation.id), plan, expiresAtEpochSeconds: epochSeconds(operation.acceptedAt) + plansKeptDays * 86_400 };
  return [
    { do: 'put', table: 'Tasks', row, when: absent },
    { do: 'put', table: 'Tasks', row: planRow, when: absent },
  ];
};

/** The rows of a new operation. */
export const operationWrites = (operation: Operation, plan: Row[string], tasks: readonly Task[]): Write[] => [
  ...planWrites(operation, plan),
  ...tasks.map((task): Write => ({ do: 'put', table: 'Tasks', row: taskRow(task), when: absent })),
];

const operationOf = (row: Row): Operation => operationSchema.parse({ ...row, id: row.pk.slice('OPERATION#'.length) });

export const findOperation = async (rows: Rows, operationId: string): Promise<Operation | undefined> => {
  const row = await rows.get('Tasks', operationKey(operationId));
  return row && operationOf(row);
};

/** The operation and its plan, read together. */
export const findOperationWithPlan = async (
  rows: Rows,
  operationId: string,
): Promise<{ operation: Operation; plan: unknown } | undefined> => {
  const [operation, plan] = await rows.getMany('Tasks', [operationKey(operationId), planKey(operationId)]);
  return operation ? { operation: operationOf(operation), plan: operation['plan'] ?? plan?.['plan'] } : undefined;
};

export const taskOf = (row: Row): Task => taskSchema.parse({ ...row, id: row.pk });

export const findTask = async (rows: Rows, taskId: string): Promise<Task | undefined> => {
  const row = await rows.get('Tasks', taskKey(taskId));
  return row && taskOf(row);
};
