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

export type TreeState = 'gone' | 'moving' | 'there' | 'elsewhere';

export const stateOf = (tree: VTreeWire | undefined, { poolId }: Moving): TreeState => {
  if (tree === undefined) return 'gone';
  if (headingFor(tree) === poolId) return 'moving';
  return headingFor(tree) === undefined && tree.storagePoolId === poolId ? 'there' : 'elsewhere';
};

export const percentThere = (states: readonly TreeState[]): number =>
  Math.floor((100 * states.filter((state) => state === 'there').length) / Math.max(1, states.length));
