import type { Condition, Value, Write } from '../change.ts';
import { errorBody } from '../errors.ts';
import { taskIdOf } from '../urn.ts';
import { mostWrites, packed } from './chunks.ts';
import type { Operation } from './schema.ts';
import type { TaskEnd } from './steps.ts';
import { besideExpiry, expiryAfterEnd, learnedKey, operationKey, smallRowBytes, taskKey } from './store.ts';

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

/** Holds only while the operation is in this state and belongs to this owner. */
export const heldCheck = (operation: Operation): Write => ({
  do: 'check',
  table: 'Tasks',
  key: operationKey(operation.id),
  when: owned(operation, operation.state),
  otherwise: fenced,
});

interface Learned {
  readonly step: string;
  readonly value: Value;
  readonly at: string;
}

const besideWrite = (operation: Operation, { step, value, at }: Learned): Write => ({
  do: 'put',
  table: 'Tasks',
  row: { ...learnedKey(operation.id, step), value, expiresAtEpochSeconds: besideExpiry(at) },
});

/** Keeps what a step has learned before the next one acts: with the operation while it is little, else beside it. */
export const rememberWrites = (operation: Operation, learned: Learned): Write[] => {
  const { step, value } = learned;
  if (JSON.stringify(value).length > smallRowBytes) return [heldCheck(operation), besideWrite(operation, learned)];
  const outcomes = { ...(operation.outcomes as Record<string, Value> | undefined), [step]: value };
  return [operationUpdate(operation, { set: { outcomes } })];
};

/** All of it is stored: from now on it is carried out. */
export const acceptedWrite = (operation: Operation): Write =>
  operationUpdate(operation, { set: { state: 'accepted' }, remove: ['idempotencyPk'] });

/** The name under which the answers are kept that decide how an operation ends. */
export const decisiveAnswers = 'Decisive';

export const endingStates = { committed: 'committing', 'rolled-back': 'rolling-back' } as const;

/** From here on it is decided how the operation ends, and by which answers; what is left is to write it. */
export const decidedWrites = (
  operation: Operation,
  { state, answers, at }: { readonly state: keyof typeof endingStates; readonly answers?: Value | undefined; readonly at: string },
): Write[] => [
  operationUpdate(operation, { set: { state: endingStates[state] } }),
  ...(answers === undefined ? [] : [besideWrite(operation, { step: decisiveAnswers, value: answers, at })]),
];

/** From here on the operation is taken back. The first reason stays. */
export const undoingWrite = (operation: Operation, failure: NonNullable<Operation['failure']>): Write =>
  operationUpdate(operation, { set: { state: 'undoing', ...(operation.failure ? {} : { failure: { ...failure } }) } });

export const taskEndWrite = (operation: Operation, end: TaskEnd, at: string): Write => ({
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
    remove: ['openPk', 'openSk', 'nextTryAt', 'idempotencyPk'],
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

const repairTaskWrite = (taskId: string, note: RepairNote): Write => ({
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
});

/**
 * The operation waits for repair: it keeps its locks and capacity, and says what is believed left. Several transactions when it has many
 * tasks, the operation's own state in the last one.
 */
export const needsRepairWrites = (operation: Operation, note: RepairNote): Write[][] => {
  const chunks = operation.taskIds.length === 0 ? [[]] : packed(operation.taskIds, () => 1, { most: mostWrites });
  const waits = operationUpdate(operation, {
    set: { state: 'needs-repair', nextTryAt: note.nextTryAt, ...(note.heldBy.length > 0 ? { heldBy: note.heldBy } : {}) },
    remove: ['resolution', ...(note.heldBy.length > 0 ? [] : ['heldBy'])],
  });
  return chunks.map((ids, n) => [n === chunks.length - 1 ? waits : heldCheck(operation), ...ids.map((id) => repairTaskWrite(id, note))]);
};

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
