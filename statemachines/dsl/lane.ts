import type { Catcher, State, TaskState } from './asl.ts';
import type { Step, Workflow } from './define.ts';
import { task } from './task.ts';
import { timeouts } from './timeouts.ts';

type Undoing = Step & { readonly undo: NonNullable<Step['undo']> };

const hasUndo = (step: Step): step is Undoing => step.undo !== undefined;

const fenced: Catcher = { ErrorEquals: ['FenceLost'], ResultPath: null, Next: 'Fenced' };

const onUndoFailure = (errorName: 'States.ALL' | 'UndoIncomplete', next: string): Catcher => ({
  ErrorEquals: [errorName],
  ResultPath: '$.undoFailure',
  Next: next,
});

const ends = {
  Failed: { Type: 'Fail', Error: 'RolledBack', Cause: 'the reason stands in the task' },
  Committed: { Type: 'Succeed' },
  Fenced: { Type: 'Fail', Error: 'FenceLost', Cause: 'another execution owns the operation' },
} as const satisfies Record<string, State>;

/** A repair starts here without a failure of its own; from now on `$.failure` is always there. */
const abandoned: State = { Type: 'Pass', Result: { Error: 'Abandoned', Cause: '' }, ResultPath: '$.failure', Next: 'RecordFailure' };

/** Fences and writes the reason first. What else fails here for good leaves a FAILED execution to the reconciler. */
const recordFailure = (workflow: Workflow, next: string): TaskState => ({
  ...task(workflow, {
    payload: { phase: 'recordFailure', 'failure.$': '$.failure' },
    timeoutSeconds: timeouts.storeTaskSeconds,
    retry: 'store',
    catches: [{ ErrorEquals: ['AlreadyCommitted'], ResultPath: null, Next: 'Committed' }, fenced],
    next,
  }),
  ...(next === 'RollBack' ? {} : { ResultSelector: { 'graceSeconds.$': '$.Payload.graceSeconds' }, ResultPath: '$.lane' }),
});

const undoState = (workflow: Workflow, step: Step, pass: { patience: 'brief' | 'patient'; onFailure: string; next: string }): TaskState =>
  task(workflow, {
    payload: { phase: 'undo', step: step.name, patience: pass.patience },
    timeoutSeconds: step.timeoutSeconds,
    retry: pass.patience === 'brief' ? 'briefUndo' : 'patientUndo',
    catches: [fenced, onUndoFailure('States.ALL', pass.onFailure)],
    next: pass.next,
  });

/** One pass over all undo steps, the last step's first. A failure of the brief pass is no verdict; of the patient one it is. */
const undoPass = (workflow: Workflow, patience: 'brief' | 'patient', next: string): readonly (readonly [string, TaskState])[] => {
  const onFailure = patience === 'brief' ? 'Grace' : 'MarkNeedsRepair';
  const nameOf = (step: Step) => `Undo${step.name}${patience === 'brief' ? '' : 'Again'}`;
  const steps = workflow.steps.filter(hasUndo).toReversed();
  return steps.map((step, index) => {
    const following = steps[index + 1];
    return [nameOf(step), undoState(workflow, step, { patience, onFailure, next: following === undefined ? next : nameOf(following) })];
  });
};

const lookStates = (workflow: Workflow): readonly (readonly [string, TaskState])[] =>
  workflow.look === undefined
    ? []
    : [
        [
          'Look',
          task(workflow, {
            payload: { phase: 'look', patience: 'patient' },
            timeoutSeconds: workflow.look.timeoutSeconds,
            retry: 'patientUndo',
            catches: [fenced, onUndoFailure('States.ALL', 'MarkNeedsRepair')],
            next: 'RollBack',
          }),
        ],
      ];

const rollBack = (workflow: Workflow, mayNeedRepair: boolean): TaskState =>
  task(workflow, {
    payload: { phase: 'rollBack' },
    timeoutSeconds: timeouts.storeTaskSeconds,
    retry: 'store',
    catches: mayNeedRepair ? [fenced, onUndoFailure('UndoIncomplete', 'MarkNeedsRepair')] : [fenced],
    next: 'Failed',
  });

const needsRepair = (workflow: Workflow): Record<string, State> => ({
  MarkNeedsRepair: task(workflow, {
    payload: { phase: 'markNeedsRepair', 'failure.$': '$.undoFailure' },
    timeoutSeconds: timeouts.storeTaskSeconds,
    retry: 'store',
    catches: [fenced],
    next: 'NeedsRepair',
  }),
  NeedsRepair: { Type: 'Fail', Error: 'NeedsRepair', Cause: 'what is left stands in the task' },
});

/** The one failure lane, whatever step failed: an undo works whether its run did nothing, half or all. */
export const laneStates = (workflow: Workflow): Record<string, State> => {
  const looks = lookStates(workflow);
  const patient = undoPass(workflow, 'patient', looks[0]?.[0] ?? 'RollBack');
  const brief = undoPass(workflow, 'brief', 'Grace');
  const afterGrace = patient[0]?.[0] ?? looks[0]?.[0];
  if (afterGrace === undefined)
    return { Abandoned: abandoned, RecordFailure: recordFailure(workflow, 'RollBack'), RollBack: rollBack(workflow, false), ...ends };
  return {
    Abandoned: abandoned,
    RecordFailure: recordFailure(workflow, brief[0]?.[0] ?? 'Grace'),
    ...Object.fromEntries(brief),
    Grace: { Type: 'Wait', SecondsPath: '$.lane.graceSeconds', Next: afterGrace },
    ...Object.fromEntries([...patient, ...looks]),
    RollBack: rollBack(workflow, true),
    ...needsRepair(workflow),
    ...ends,
  };
};
