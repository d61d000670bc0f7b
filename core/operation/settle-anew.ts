import { ControlPlaneError } from '../errors.ts';
import type { Rows } from '../ports.ts';
import type { Operation } from './schema.ts';
import { findOperation } from './store.ts';

const attempts = 4;

const isChanged = (error: unknown): boolean => error instanceof ControlPlaneError && error.code === 'resource.changed';

const hasEnded = ({ state }: Operation): boolean => state === 'committed' || state === 'rolled-back';

/**
 * Settles by what is stored, and again when a row was changed in another respect than its lock since it was read, such as by a quota that
 * begins to count it. Whoever lost the operation, or finds it ended, gets the error.
 */
export const settlingAnew = async (rows: Rows, operation: Operation, settle: (operation: Operation) => Promise<void>): Promise<void> => {
  let current = operation;
  for (let n = 1; ; n += 1) {
    try {
      return await settle(current);
    } catch (error) {
      const now = isChanged(error) && n < attempts ? await findOperation(rows, operation.id) : undefined;
      if (now?.owner !== operation.owner || hasEnded(now)) throw error;
      current = now;
    }
  }
};
