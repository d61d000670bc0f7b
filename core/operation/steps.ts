import type * as z from 'zod';
import type { VerbInput, VerbName } from '../../drivers/sdk/capability-verbs.ts';
import type { ItemAnswer } from '../../drivers/sdk/verbs.ts';
import type { Share } from '../capacity/take.ts';
import type { Value, Write } from '../change.ts';
import type { ErrorCode } from '../errors.ts';
import type { Author } from '../inventory/changes.ts';
import type { QuotaShare } from '../quota/quota.ts';
import type { Operation } from './schema.ts';

/** One call of a driver verb: all items of one storage provider. */
export type ArrayCall = {
  [V in VerbName]: { readonly providerId: string; readonly verb: V; readonly input: VerbInput<V> };
}[VerbName];

/** The settled items of all calls of a step. */
export type StepAnswers = readonly ItemAnswer<unknown>[];

export interface ResourceReader {
  /** The raw attributes of a resource that `resources` named, as they are now; undefined when it is gone. */
  readonly row: (id: string) => Readonly<Record<string, Value | undefined>> | undefined;
}

export interface Settling<Plan> extends ResourceReader {
  readonly plan: Plan;
  readonly operation: Operation;
  readonly author: Author;
  /** Of the last step (`commit`), or of the look (`rollBack` of a workflow that looks). */
  readonly answers: StepAnswers;
  /** What earlier steps have learned, by step name. */
  readonly learned: Readonly<Record<string, unknown>>;
  /** Only in `rollBack`: why. */
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface TaskEnd {
  readonly resourceId: string;
  readonly state: 'ready' | 'error';
  readonly message: string;
  /** With `error`. */
  readonly error?: { readonly code: ErrorCode; readonly details: string };
}

/**
 * How the work on one resource ends, by itself. Parts of an operation on many resources are written in several transactions: one whose
 * resource has no more `lock` was written before.
 */
export interface SettledPart {
  readonly resourceId: string;
  /** The task in the resource's `activeTaskId`, which these writes take away. */
  readonly lock: string;
  readonly writes: readonly Write[];
  /** Capacity that is given back with it. */
  readonly gives?: Share;
  readonly givesQuota?: QuotaShare;
  readonly task?: TaskEnd;
}

/**
 * What ends an operation: every write is conditional on the operation's lock; the tasks are ended with what they are about. All of it is one
 * transaction when that takes it; else the parts come first, and the rest with the operation's own end.
 */
export interface Settlement {
  readonly parts?: readonly SettledPart[];
  readonly writes: readonly Write[];
  readonly tasks: readonly TaskEnd[];
}

/** What takes back an order whose acceptance did not end: nothing of it has reached an array. */
export interface TakingBack<Plan> {
  /** Of the resources that may have been stored or locked. */
  readonly resources: (plan: Plan) => readonly string[];
  /** Parts of what is stored and locked; in `writes` the rest, such as the capacity. */
  readonly settle: (settling: Omit<Settling<Plan>, 'answers' | 'learned'>) => Settlement;
}

/** Why something is taken back, and what an operator has decided. */
export type UndoReason = Pick<Operation, 'failure' | 'resolution'>;

export interface StepCalls<Plan> {
  /** What the step does, fixed by the plan and what was learned before. No calls: the step is done. */
  readonly run: (plan: Plan, learned: Readonly<Record<string, unknown>>) => readonly ArrayCall[];
  /** What the step introduced, and nothing else. */
  readonly undo?: (plan: Plan, learned: Readonly<Record<string, unknown>>, why: UndoReason) => readonly ArrayCall[];
  /** What later steps, the undo and the settlement need of the answers; kept with the operation, ≤ 4 KB. Not of the last step. */
  readonly learn?: (answers: StepAnswers, plan: Plan) => Value;
}

/** How an operator's decision is carried out. `discard` of a workflow that undoes is its undo. */
export interface ResolveSteps<Plan> {
  /** Reads what of the plan is on the array. */
  readonly look: (plan: Plan) => readonly ArrayCall[];
  /** Of a workflow that goes forward: removes again what was to be removed; then it looks and rolls back. */
  readonly discard?: (plan: Plan) => readonly ArrayCall[];
  /** By what was read; a sentence when it cannot be done, which leaves the operation in need of repair. */
  readonly settle: (settling: Settling<Plan>, how: 'accept' | 'release') => Settlement | { readonly refusal: string };
}

/** The handlers of one workflow, by the names in its definition. All pure. */
export interface WorkflowSteps<Plan> {
  readonly plan: z.ZodType<Plan>;
  readonly steps: Readonly<Record<string, StepCalls<Plan>>>;
  /**
   * Of a workflow that makes something: the id of one resource that it makes. The first step refuses when what that refers to was removed
   * while the order was accepted.
   */
  readonly ordered?: (plan: Plan) => string | undefined;
  /** Of a workflow that looks. */
  readonly look?: (plan: Plan, learned: Readonly<Record<string, unknown>>) => readonly ArrayCall[];
  /** Ids of the resources that `commit` and `rollBack` read. */
  readonly resources: (plan: Plan) => readonly string[];
  readonly commit: (settling: Settling<Plan>) => Settlement;
  readonly rollBack: (settling: Settling<Plan>) => Settlement;
  readonly resolve?: ResolveSteps<Plan>;
  /** Of a workflow whose orders may be accepted in several transactions. */
  readonly takeBack?: TakingBack<Plan>;
}
