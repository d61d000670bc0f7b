import { countQuota } from '../../core/quota/count.ts';
import { countingPk } from '../../core/quota/quota.ts';
import type { EventPorts } from './ports.ts';

const mostTogether = 20;
/** Of one tick, for all of them. */
const patienceMs = 10_000;

/** Goes on counting what quotas have that were enabled. */
export const countQuotas = async (ports: EventPorts): Promise<void> => {
  const { rows } = await ports.rows.query({ table: 'Inventory', pk: countingPk, limit: mostTogether });
  const untilMs = ports.clock.now() + patienceMs;
  for (const { sk } of rows) await countQuota(ports, sk, untilMs);
};
