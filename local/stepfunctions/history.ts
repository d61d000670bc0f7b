import type { HistoryEvent, Outcome } from './execution.ts';
import type { MachineEvent } from './interpreter.ts';

type Unnumbered = Pick<HistoryEvent, 'type'> & Record<string, unknown>;

/** The interpreter's event under AWS's name; undefined for what AWS does not write, or what the Task itself writes. */
export const eventOf = (event: MachineEvent): Unnumbered | undefined => {
  if ('parentState' in event) return mapEvent(event);
  if (!('state' in event)) return undefined;
  const { name, type, input } = event.state;
  if (event.type === 'StateEntered') {
    return { type: `${type}StateEntered`, stateEnteredEventDetails: { name, input: JSON.stringify(input) } };
  }
  if (event.type !== 'StateExited') return undefined;
  return { type: `${type}StateExited`, stateExitedEventDetails: { name, output: JSON.stringify(outputOf(event.state)) } };
};

const outputOf = (state: object): unknown => ('output' in state ? state.output : undefined);

const mapEvent = (event: Extract<MachineEvent, { parentState: unknown }>): Unnumbered | undefined => {
  if (!('index' in event)) return undefined;
  const details = { name: event.parentState.name, index: event.index };
  const key = `${event.type.charAt(0).toLowerCase()}${event.type.slice(1)}EventDetails`;
  return { type: event.type, [key]: details };
};

const finalTypes = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

export const finalEvent = ({ status, ...details }: Outcome): Unnumbered => {
  const type = finalTypes[status];
  return { type, [`e${type.slice(1)}EventDetails`]: details };
};

export const startedEvent = (input: string): Unnumbered => ({ type: 'ExecutionStarted', executionStartedEventDetails: { input } });

export const redrivenEvent = (redriveCount: number): Unnumbered => ({
  type: 'ExecutionRedriven',
  executionRedrivenEventDetails: { redriveCount },
});
