import { isVolumeMissing } from './failures.ts';
import type { Gateway } from './gateway.ts';
import type { Moving } from './handles.ts';
import { type VTreeWire, vtreeWire } from './wire.ts';

export const readVTree = async (gateway: Gateway, vtreeId: string): Promise<VTreeWire | undefined> => {
  try {
    return await gateway.get(vtreeWire, `/api/instances/VTree::${vtreeId}`);
  } catch (error) {
    if (isVolumeMissing(error)) return undefined;
    throw error;
  }
};

/** The pool a tree is on its way to; undefined when it is not on its way. */
export const headingFor = ({ vtreeMigrationInfo }: VTreeWire): string | undefined => {
  const { migrationStatus, destinationStoragePoolId } = vtreeMigrationInfo ?? {};
  return ['NotInMigration', 'None'].includes(migrationStatus ?? 'None') ? undefined : (destinationStoragePoolId ?? '');
};

/** What a tree on its way does; `pausing` ends by itself. */
export const paceOf = ({ vtreeMigrationInfo }: VTreeWire): 'moving' | 'pausing' | 'paused' => {
  const status = vtreeMigrationInfo?.migrationStatus ?? '';
  if (status === 'Paused') return 'paused';
  return status.endsWith('Pausing') ? 'pausing' : 'moving';
};

/** `returning`: on its way back to where it came from. */
export type TreeState = 'gone' | 'moving' | 'returning' | 'there' | 'elsewhere';

export const stateOf = (tree: VTreeWire | undefined, { poolId }: Moving): TreeState => {
  if (tree === undefined) return 'gone';
  const heading = headingFor(tree);
  if (heading === poolId) return 'moving';
  if (heading !== undefined) return heading === tree.storagePoolId ? 'returning' : 'elsewhere';
  return tree.storagePoolId === poolId ? 'there' : 'elsewhere';
};

export const percentThere = (states: readonly TreeState[]): number =>
  Math.floor((100 * states.filter((state) => state === 'there').length) / Math.max(1, states.length));
