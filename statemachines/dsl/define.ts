/** Names of the driver verbs that a step may call. */
export type StepVerb =
  | 'ensureVolumes'
  | 'ensureVolumesAbsent'
  | 'expandVolumes'
  | 'readVolumes'
  | 'ensureExports'
  | 'ensureExportsAbsent'
  | 'readExports';

/** Verbs that change nothing; what they tell is kept with the operation before the first effect. */
export type ReadVerb = 'readVolumes' | 'readExports';

export interface Step {
  /** PascalCase verb phrase; stable, since it shows in consoles and histories. */
  readonly name: string;
  /** The driver verb this step calls, once for each array. Without one the step runs in the control function alone. */
  readonly verb?: StepVerb;
  /** The verb that takes back what this step introduced. It must succeed whether the step did nothing, half or all. */
  readonly undo?: StepVerb;
  /** `all-or-nothing`: one rejected item fails the step. `report`: rejected items are settled one by one. */
  readonly some: 'all-or-nothing' | 'report';
  /** Of one attempt; above the control function's own timeout. */
  readonly timeoutSeconds: number;
}

export interface Workflow {
  /** noun-verb, the name of the folder and of the state machine. */
  readonly name: string;
  /**
   * `undo`: every step has an inverse, and any failure takes back what was introduced. `forward`: the last steps have no inverse; after
   * a failure the leading steps that have one are taken back, then the array is looked at and the record is set to what it says.
   */
  readonly recovery: 'undo' | 'forward';
  /** Only with `forward`: the verb that looks. Without it there is nothing on the array to look at. */
  readonly look?: { readonly verb: StepVerb; readonly timeoutSeconds: number };
  readonly steps: readonly [Step, ...Step[]];
}

interface Misfit<Sentence extends string> {
  readonly misfit: Sentence;
}

type Checked<W extends Workflow> = W extends { recovery: 'undo'; look: object }
  ? Misfit<'a workflow that undoes has nothing to look at'>
  : W extends { recovery: 'undo'; steps: readonly ({ undo: StepVerb } | { verb: ReadVerb })[] }
    ? unknown
    : W extends { recovery: 'undo' }
      ? Misfit<'every step of a workflow that undoes names its undo, unless it only reads'>
      : unknown;

/** Declares a workflow. Its handlers stand beside it in `steps.ts`. */
export const defineWorkflow = <const W extends Workflow>(workflow: W & Checked<W>): W => workflow;

/** What RunStep is told. Only this travels through Step Functions; the plan is read from the store. */
export interface StepInput {
  readonly workflow: string;
  readonly operationId: string;
  /** Name of the execution: the operation's id, or `<operation id>-r<n>` for a repair. */
  readonly execution: string;
  readonly phase: 'run' | 'recordFailure' | 'undo' | 'look' | 'rollBack' | 'markNeedsRepair';
  /** Absent in `recordFailure`, `look`, `rollBack` and `markNeedsRepair`. */
  readonly step?: string;
  /** Of an undo or look: a brief failure is no verdict, a patient one is. */
  readonly patience?: 'brief' | 'patient';
  /** The failure that led into the lane, as Step Functions caught it. Only in `recordFailure` and `markNeedsRepair`. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
}

/** Error names that steer the machine beside the four driver outcomes; none of them is ever retried. */
export const controlErrors = ['Cancelled', 'Refused', 'FenceLost', 'AlreadyCommitted', 'UndoIncomplete', 'Abandoned'] as const;
export type ControlErrorName = (typeof controlErrors)[number];
