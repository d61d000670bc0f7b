import { DriverError } from '../sdk/errors.ts';
import type { OperationState } from '../sdk/verbs/operate.ts';
import type { Gateway } from './gateway.ts';
import { readHandle } from './handles.ts';
import { percentThere, readVTree, stateOf, type TreeState } from './migration-state.ts';
import type { Run } from './run.ts';

const pollSeconds = 30;

const ended = (state: OperationState['state'], percent: number): OperationState => ({
  state,
  percent,
  retryAfterSeconds: 0,
  cancellable: false,
});

const wentElsewhere = {
  name: 'DriverRejected',
  code: 'array.refused',
  message: 'a tree stopped on its way and is not in the pool it was to go to',
} as const;

const verdict = (states: readonly TreeState[]): OperationState => {
  const percent = percentThere(states);
  if (states.includes('moving')) return { state: 'running', percent, retryAfterSeconds: pollSeconds, cancellable: false };
  if (states.includes('elsewhere')) return { ...ended('failed', percent), error: wentElsewhere };
  return states.includes('gone') ? ended('unknown', percent) : ended('succeeded', 100);
};

const poll = async (gateway: Gateway, handle: string): Promise<OperationState> => {
  const trees = readHandle(handle);
  const states = await Promise.all(trees.map(async (moving) => stateOf(await readVTree(gateway, moving.vtreeId), moving)));
  return verdict(states);
};

/** One call a tree. The array tells no share of a tree, so that the percentage goes up tree by tree. */
export const pollOperation = ({ gateway }: Run, { handle }: { handle: string }): Promise<OperationState> => poll(gateway, handle);

/** A move is never stopped halfway: what is to be undone is moved back. */
export const cancelOperation = async ({ gateway }: Run, { handle }: { handle: string }): Promise<OperationState> => {
  const state = await poll(gateway, handle);
  if (state.state !== 'running') return state;
  throw new DriverError('a move between pools cannot be cancelled; it can be moved back when it has ended', {
    outcome: 'DriverRejected',
    code: 'request.invalid',
  });
};
