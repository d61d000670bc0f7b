import type { Catcher, State, StateMachine, TaskState } from './asl.ts';
import type { Step, Workflow } from './define.ts';
import { laneStates } from './lane.ts';
import { task } from './task.ts';
import { machineTimeoutSeconds } from './timeouts.ts';

const intoLane: Catcher = { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'RecordFailure' };

const runState = (workflow: Workflow, step: Step, next: Step | undefined): TaskState =>
  task(workflow, {
    payload: { phase: 'run', step: step.name },
    timeoutSeconds: step.timeoutSeconds,
    retry: step.verb === undefined ? 'pages' : 'array',
    catches: [intoLane],
    ...(next === undefined ? {} : { next: next.name }),
  });

const startStates = (workflow: Workflow): Record<string, State> => ({
  Start: {
    Type: 'Choice',
    Choices: [
      {
        And: [
          { Variable: '$.repair', IsPresent: true },
          { Variable: '$.repair', BooleanEquals: true },
        ],
        Next: 'Abandoned',
      },
    ],
    Default: workflow.steps[0].name,
  },
});

/** Workflow → Amazon States Language, in which `${control}` stands for the control function's alias. Pure. */
export const compile = (workflow: Workflow): StateMachine => {
  const runs = workflow.steps.map((step, index) => [step.name, runState(workflow, step, workflow.steps[index + 1])] as const);
  const states = { ...startStates(workflow), ...Object.fromEntries(runs), ...laneStates(workflow) };
  return {
    Comment: `${workflow.name}: generated, do not edit`,
    StartAt: 'Start',
    TimeoutSeconds: machineTimeoutSeconds(states),
    States: states,
  };
};
