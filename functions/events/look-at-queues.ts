import { depthWrites, endRedrive, readQueues } from '../../core/operation/queues.ts';
import type { EventPorts } from './ports.ts';

/** Moves dead jobs back if an operator has ordered it, and notes what waits. A redrive that fails is tried again at the next tick. */
export const lookAtQueues = async (ports: EventPorts): Promise<void> => {
  const { queues, isRedriveOrdered } = await readQueues(ports.rows);
  if (isRedriveOrdered) {
    const moved = await ports.queues.redrive();
    ports.log.info('dead jobs were moved back', { moved });
  }
  const noted = depthWrites(queues, await ports.queues.depths(), new Date(ports.clock.now()).toISOString());
  const writes = [...noted, ...(isRedriveOrdered ? [endRedrive] : [])];
  if (writes.length > 0) await ports.rows.transact(writes);
};
