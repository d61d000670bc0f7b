import type { StepInput } from '../../statemachines/dsl/define.ts';
import { ControlError } from './control-error.ts';
import { look, markNeedsRepair, recordFailure, rollBack, undoStep } from './failure-lane.ts';
import { type Defined, runForward } from './forward.ts';
import { load } from './load.ts';
import type { ControlPorts } from './ports.ts';

export interface StepResult {
  /** Of `recordFailure`: how long the lane waits between its two looks. */
  readonly graceSeconds?: number;
}

export type StepRunner = (ports: ControlPorts, input: StepInput) => Promise<StepResult>;

/** Runs one state of one workflow: fence, then the phase. */
export const stepRunner =
  <Plan>(defined: Defined<Plan>): StepRunner =>
  async (ports, input) => {
    const context = { loaded: await load(ports, input), input };
    if (input.phase === 'recordFailure') return recordFailure(ports, defined, context);
    const phases = { run: runForward, undo: undoStep, look, rollBack, markNeedsRepair };
    await phases[input.phase](ports, defined, context);
    return {};
  };

export type Runners = Readonly<Record<string, StepRunner>>;

/** The one kind of Task that every state machine has. */
export const runStep = (runners: Runners, ports: ControlPorts, input: StepInput): Promise<StepResult> => {
  const run = runners[input.workflow];
  if (!run) throw new ControlError('Refused', `this release has no workflow ${input.workflow}`);
  return run(ports, input);
};
