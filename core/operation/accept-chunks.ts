import type { Value, Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import {
  type ApiPorts,
  answerIdempotency,
  authorOf,
  type Conclusion,
  type IdempotencyKey,
  type RequestContext,
  reserveIdempotency,
} from '../request.ts';
import { taskIdOf } from '../urn.ts';
import { mostTogether, packed, transactionLimit } from './chunks.ts';
import { acceptedWrite, heldCheck, takeOverWrite } from './progress.ts';
import { repairName } from './reconcile.ts';
import type { Operation, Task } from './schema.ts';
import { findOperation, operationWrites, taskWrite } from './store.ts';
import { type BoundTakingBack, takeBack } from './take-back.ts';

/** What belongs to one resource, and may be stored later than the rest. */
export interface IntendedPart {
  /** Its task, if there is one of it, is stored with it. */
  readonly resourceId: string;
  readonly writes: readonly Write[];
}

/** What may be stored in several transactions, and how it is taken back when not all of it was. */
export interface Parted {
  readonly parts: readonly IntendedPart[];
  readonly takeBack: BoundTakingBack;
}

const unparted: Parted = { parts: [], takeBack: { resourceIds: [], settle: () => ({ writes: [], tasks: [] }) } };

const partedOf = ({ intent }: Accepting): Parted => intent.parted ?? unparted;

/** An operation as it is once it is accepted. */
export interface Accepting {
  readonly operation: Operation;
  readonly tasks: readonly Task[];
  readonly answer: Conclusion['answer'];
  readonly intent: {
    readonly plan: { readonly [field: string]: Value | undefined };
    readonly writes: readonly Write[];
    readonly parted?: Parted;
  };
}

interface Remembering {
  readonly key: IdempotencyKey;
  readonly nowMs: number;
}

const inChunks = (accepting: Accepting, remember: Remembering | undefined): Write[][] => {
  const { operation, tasks, answer, intent } = accepting;
  const { parts } = partedOf(accepting);
  const taskOf = new Map(tasks.map((task) => [task.id, task]));
  const ofPart = ({ resourceId }: IntendedPart): Task[] => {
    const task = taskOf.get(taskIdOf(operation.id, resourceId));
    return task ? [task] : [];
  };
  const begun: Operation = { ...operation, state: 'accepting', ...(remember ? { idempotencyPk: remember.key.pk } : {}) };
  const later = new Set(parts.flatMap(ofPart));
  const first = [
    ...operationWrites(
      begun,
      intent.plan,
      tasks.filter((task) => !later.has(task)),
    ),
    ...intent.writes,
    ...(remember ? [reserveIdempotency(remember.key, remember.nowMs)] : []),
  ];
  const chunks = packed(parts, ({ writes }) => writes.length + 1);
  const last = [acceptedWrite(begun), ...(remember ? [answerIdempotency(remember.key, answer)] : [])];
  return [
    first,
    ...chunks.map((chunk, n) => [
      ...(n === chunks.length - 1 ? last : [heldCheck(begun)]),
      ...chunk.flatMap(ofPart).map(taskWrite),
      ...chunk.flatMap(({ writes }) => writes),
    ]),
  ];
};

/** The transactions that store an operation, in their order: one if that takes it. */
export const transactionsOf = (accepting: Accepting, remember?: Remembering): Write[][] => {
  const { operation, tasks, intent } = accepting;
  const { parts } = partedOf(accepting);
  const all = [...operationWrites(operation, intent.plan, tasks), ...intent.writes, ...parts.flatMap(({ writes }) => writes)];
  const isLarge = parts.length > mostTogether || (parts.length > 0 && all.length >= transactionLimit);
  return isLarge ? inChunks(accepting, remember) : [all];
};

/** Fences whatever is still under way of the request, then takes back. What this leaves undone the reconciler does. */
const undo = async (ports: ApiPorts, request: RequestContext, { accepting, error }: { accepting: Accepting; error: unknown }) => {
  const { operation } = accepting;
  const begun: Operation = {
    ...operation,
    state: 'accepting',
    ...(request.idempotency ? { idempotencyPk: request.idempotency.pk } : {}),
  };
  const owner = repairName(operation.id, 1);
  await ports.rows.transact([takeOverWrite(begun, owner)]);
  const failure = error instanceof ControlPlaneError ? { failure: { code: error.code, message: error.message } } : {};
  const author = authorOf(ports, request, operation.id);
  await takeBack(ports, { operation: { ...begun, owner, repairs: 1, ...failure }, author }, partedOf(accepting).takeBack);
};

const isAccepted = ({ state }: Operation): boolean => state !== 'accepting' && state !== 'rolled-back';

const notStored = (cause: unknown): ControlPlaneError =>
  new ControlPlaneError('the order could not be stored completely and is taken back; send it again in a minute', {
    code: 'service.busy',
    cause,
    final: true,
  });

/** What is to be thrown; nothing when all was stored in spite of the error, which then was of the answer alone. */
const settleError = async (
  ports: ApiPorts,
  request: RequestContext,
  failed: { accepting: Accepting; error: unknown },
): Promise<unknown> => {
  const { id } = failed.accepting.operation;
  try {
    const found = await findOperation(ports.rows, id);
    if (found === undefined) return failed.error;
    if (isAccepted(found)) return undefined;
    await undo(ports, request, failed);
    return failed.error;
  } catch (error) {
    ports.log.warn('an order that was not accepted could not be taken back; the reconciler does it', { operationId: id, error });
    return notStored(failed.error);
  }
};

/**
 * Stores an operation in several transactions. The first one takes what is shared and says that it is being accepted; every other one holds
 * only while that is so; the last one accepts it. One that fails takes back the others before its error is thrown.
 */
export const acceptInChunks = async (ports: ApiPorts, request: RequestContext, accepting: Accepting): Promise<void> => {
  const remember = request.idempotency && { key: request.idempotency, nowMs: ports.clock.now() };
  try {
    for (const writes of transactionsOf(accepting, remember)) await ports.rows.transact(writes);
  } catch (error) {
    const thrown = await settleError(ports, request, { accepting, error });
    if (thrown !== undefined) throw thrown;
  }
};
