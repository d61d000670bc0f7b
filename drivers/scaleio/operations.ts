import type { OperationState } from '../sdk/verbs/operate.ts';
import { readTree } from './copy-sources.ts';
import type { Gateway } from './gateway.ts';
import { type Moving, readHandle } from './handles.ts';
import { requireOurs, volumeAction } from './lookup.ts';
import { paceOf, percentThere, readVTree, stateOf, type TreeState } from './migration-state.ts';
import type { Run } from './run.ts';
import type { VTreeWire } from './wire.ts';

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
  message: 'a tree stopped on its way, or was moved back, and is not in the pool it was to go to',
} as const;

const isUnderWay = (state: TreeState): boolean => state === 'moving' || state === 'returning';

const verdict = (states: readonly TreeState[]): OperationState => {
  const percent = percentThere(states);
  if (states.some(isUnderWay)) return { state: 'running', percent, retryAfterSeconds: pollSeconds, cancellable: states.includes('moving') };
  if (states.includes('elsewhere')) return { ...ended('failed', percent), error: wentElsewhere };
  return states.includes('gone') ? ended('unknown', percent) : ended('succeeded', 100);
};

const look = async (gateway: Gateway, trees: readonly Moving[]): Promise<readonly TreeState[]> =>
  Promise.all(trees.map(async (moving) => stateOf(await readVTree(gateway, moving.vtreeId), moving)));

/** One call a tree. The array tells no share of a tree, so that the percentage goes up tree by tree. */
export const pollOperation = async ({ gateway }: Run, { handle }: { handle: string }): Promise<OperationState> =>
  verdict(await look(gateway, readHandle(handle)));

/** Of a tree that is paused. The array knows no other way back than to be asked for the pool that the tree came from. */
const askToReturn = (gateway: Gateway, { storagePoolId }: VTreeWire, volumeId: string): Promise<void> =>
  gateway.act(volumeAction(volumeId, 'migrateVTree'), { destSPId: storagePoolId });

/** What is being copied arrives first: to stop at once would put data at risk. */
const askToPause = (gateway: Gateway, volumeId: string): Promise<void> =>
  gateway.act(volumeAction(volumeId, 'pauseVTreeMigration'), { pauseType: 'Gracefully' });

/** The next of the two steps back: pause, then return. */
const turnBack = async (gateway: Gateway, moving: Moving): Promise<void> => {
  const tree = await readVTree(gateway, moving.vtreeId);
  if (tree === undefined || stateOf(tree, moving) !== 'moving' || paceOf(tree) === 'pausing') return;
  const members = await readTree(gateway, tree.id);
  for (const member of members) requireOurs(member);
  const [any] = members;
  if (any === undefined) return;
  if (paceOf(tree) === 'paused') await askToReturn(gateway, tree, any.id);
  else await askToPause(gateway, any.id);
};

/**
 * Moves back what is still on its way; a tree that has arrived stays. Call until it is no longer `running`: a tree first comes to rest, and
 * the next call sends it back. Three calls a tree, and one or none that changes something.
 */
export const cancelOperation = async ({ gateway }: Run, { handle }: { handle: string }): Promise<OperationState> => {
  const trees = readHandle(handle);
  for (const moving of trees) await turnBack(gateway, moving);
  const states = await look(gateway, trees);
  const { error: _stopped, ...state } = verdict(states);
  if (state.state === 'running') return { ...state, retryAfterSeconds: states.includes('moving') ? 1 : pollSeconds };
  return state.state === 'failed' ? { ...state, state: 'cancelled' } : state;
};
