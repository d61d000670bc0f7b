import type { Write } from '../../core/change.ts';
import { eachAtOnce } from '../../core/each-at-once.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import type { ControlPorts } from './ports.ts';

const writesPerTransaction = 90;

/** Groups that must stay together, packed into as few transactions as fit. */
const packed = (groups: readonly (readonly Write[])[]): Write[][] => {
  const transactions: Write[][] = [];
  for (const group of groups) {
    const last = transactions.at(-1);
    if (last && last.length + group.length <= writesPerTransaction) last.push(...group);
    else if (group.length > 0) transactions.push([...group]);
  }
  return transactions;
};

export const transactAll = async (ports: Pick<ControlPorts, 'rows'>, groups: readonly (readonly Write[])[]): Promise<void> => {
  for (const writes of packed(groups)) await ports.rows.transact(writes);
};

const isStored = async (ports: Pick<ControlPorts, 'rows'>, writes: readonly Write[]): Promise<boolean> => {
  if (writes.length === 0) return true;
  try {
    await ports.rows.transact(writes);
    return true;
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === 'resource.changed') return false;
    throw error;
  }
};

/** Each group by itself; whether it was stored. One whose rows were changed meanwhile is not. A single write costs half of what it does in a transaction. */
export const storeEach = (ports: Pick<ControlPorts, 'rows'>, groups: readonly (readonly Write[])[]): Promise<boolean[]> =>
  eachAtOnce(groups, (writes) => isStored(ports, writes));
