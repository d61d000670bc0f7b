import type { Condition, Value, Write } from '../change.ts';
import { errorBody } from '../errors.ts';
import { taskIdOf } from '../urn.ts';
import type { Operation } from './schema.ts';
import type { TaskEnd } from './steps.ts';
import { expiryAfterEnd, operationKey, taskKey } from './store.ts';

/** Only the execution that owns the operation, and only from this state. */
const owned = (operation: Operation, state: Operation['state']): Condition[] => [
  { attribute: 'owner', is: '=', value: operation.owner },
  { attribute: 'state', is: '=', value: state },
];

const fenced = { code: 'resource.changed', message: 'another execution took the operation over' } as const;

const operationUpdate = (operation: Operation, change: Pick<Extract<Write, { do: 'update' }>, 'set' | 'remove' | 'add'>): Write => ({
  do: 'update',
  table: 'Tasks',
  key: operationKey(operation.id),
  ...change,
  when: owned(operation, operation.state),
  otherwise: fenced,
});

/** Keeps what a step has learned before the next one acts. */
export const rememberWrite = (operation: Operation, step: string, learned: Value): Write =>
  operationUpdate(operation, { set: { outcomes: { ...(operation.outcomes as Record<string, Value> | undefined), [step]: learned } } });

/** From here on the operation is taken back. The first reason stays. */
export const undoingWrite = (operation: Operation, failure: NonNullable<Operation['failure']>): Write =>
  operationUpdate(operation, { set: { state: 'undoing', ...(operation.failure ? {} : { failure: { ...failure } }) } });

const taskEndWrite = (operation: Operation, end: TaskEnd, at: string): Write => ({
  do: 'update',
  table: 'Tasks',
  key: taskKey(taskIdOf(operation.id, end.resourceId)),
  set: {
    state: end.state,
    message: end.message,
    endedAt: at,
    progress: 100,
    expiresAtEpochSeconds: expiryAfterEnd(at),
    ...(end.error ? { serviceError: { ...errorBody(end.error.code, end.error.details) } } : {}),
  },
  remove: ['repair', ...(end.error ? [] : ['serviceError'])],
  when: [{ attribute: 'pk', is: 'present' }],
});

/** Ends the operation and its tasks; to be written together with the resources' changes. */
export const endWrites = (
  operation: Operation,
  end: { state: 'committed' | 'rolled-back'; at: string; tasks: readonly TaskEnd[] },
): Write[] => [
  operationUpdate(operation, {
    set: { state: end.state, expiresAtEpochSeconds: expiryAfterEnd(end.at) },
    remove: ['openPk', 'openSk', 'nextTryAt'],
  }),
  ...end.tasks.map((task) => taskEndWrite(operation, task, end.at)),
];

export interface RepairNote {
  readonly at: string;
  readonly nextTryAt: string;
  readonly believedLeft: readonly string[];
  /** What is frozen of that which it needs; then it is taken up as soon as that is not. */
  readonly heldBy: readonly string[];
  readonly details: string;
}

/** The operation waits for repair: it keeps its locks and capacity, and says what is believed left. */
export const needsRepairWrites = (operation: Operation, note: RepairNote): Write[] => [
  operationUpdate(operation, {
    set: { state: 'needs-repair', nextTryAt: note.nextTryAt, ...(note.heldBy.length > 0 ? { heldBy: note.heldBy } : {}) },
    remove: ['resolution', ...(note.heldBy.length > 0 ? [] : ['heldBy'])],
  }),
  ...operation.taskIds.map(
    (taskId): Write => ({
      do: 'update',
      table: 'Tasks',
      key: taskKey(taskId),
      set: {
        state: 'error',
        message: 'needs repair',
        serviceError: { ...errorBody('operation.needsRepair', note.details) },
        repair: { believedLeft: note.believedLeft, lastLookAt: note.at, nextTryAt: note.nextTryAt },
      },
      when: [{ attribute: 'pk', is: 'present' }],
    }),
  ),
];

/** What an operator has decided beside that. */
interface TakeOver {
  readonly epoch?: number;
  readonly resolution?: Operation['resolution'];
}

/** Makes a new execution the owner, so that whatever is left of the old one meets the fence. */
export const takeOverWrite = (operation: Operation, owner: string, { epoch, resolution }: TakeOver = {}): Write =>
  operationUpdate(operation, {
    set: {
      owner,
      ...(operation.state === 'needs-repair' ? { state: 'undoing' } : {}),
      ...(epoch === undefined ? {} : { epoch }),
      ...(resolution === undefined ? {} : { resolution }),
    },
    remove: ['nextTryAt', 'heldBy'],
    add: { repairs: 1 },
  });
