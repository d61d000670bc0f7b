import type * as z from 'zod';
import type { ItemAnswer, VerbInput, VerbName } from '../../drivers/sdk/verbs.ts';
import type { Value, Write } from '../change.ts';
import type { ErrorCode } from '../errors.ts';
import type { Author } from '../inventory/changes.ts';
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

/** What ends an operation: every write is conditional on the operation's lock; the tasks are ended in the same transaction. */
export interface Settlement {
  readonly writes: readonly Write[];
  readonly tasks: readonly TaskEnd[];
}

export interface StepCalls<Plan> {
  /** What the step does, fixed by the plan and what was learned before. No calls: the step is done. */
  readonly run: (plan: Plan, learned: Readonly<Record<string, unknown>>) => readonly ArrayCall[];
  /** What the step introduced, and nothing else. */
  readonly undo?: (plan: Plan, learned: Readonly<Record<string, unknown>>) => readonly ArrayCall[];
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
  /** Of a workflow that looks. */
  readonly look?: (plan: Plan) => readonly ArrayCall[];
  /** Ids of the resources that `commit` and `rollBack` read. */
  readonly resources: (plan: Plan) => readonly string[];
  readonly commit: (settling: Settling<Plan>) => Settlement;
  readonly rollBack: (settling: Settling<Plan>) => Settlement;
  readonly resolve?: ResolveSteps<Plan>;
}
