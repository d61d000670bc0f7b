import { DriverError } from '../sdk/errors.ts';
import { clusterStateOf, isClusterNormal } from './array-identity.ts';
import { capacityHealth } from './capacity.ts';
import type { Gateway } from './gateway.ts';
import { poolStatistics } from './pool-statistics.ts';
import type { PoolStatisticsWire } from './wire.ts';

export interface Blocker {
  code: string;
  message: string;
}

export const clusterBlockers = ({ system }: Gateway): readonly Blocker[] =>
  isClusterNormal(system) ? [] : [{ code: 'cluster.degraded', message: `the management cluster is ${clusterStateOf(system)}` }];

export const poolBlockers = (poolId: string, statistics: PoolStatisticsWire | undefined): readonly Blocker[] => {
  const { degradedBytes = 0, unavailableBytes = 0 } = statistics === undefined ? {} : capacityHealth(statistics);
  return [
    ...(degradedBytes > 0 ? [{ code: 'pool.degraded', message: `pool ${poolId} holds data of which a copy is missing` }] : []),
    ...(unavailableBytes > 0 ? [{ code: 'pool.unavailable', message: `pool ${poolId} has capacity that is out of reach` }] : []),
  ];
};

/** Refuses while data in one of the pools is not whole; one call. */
export const requireHealthyPools = async (gateway: Gateway, poolIds: readonly string[]): Promise<void> => {
  const statistics = await poolStatistics(gateway);
  const [first] = [...clusterBlockers(gateway), ...poolIds.flatMap((poolId) => poolBlockers(poolId, statistics.get(poolId)))];
  if (first === undefined) return;
  throw new DriverError(first.message, { outcome: 'DriverBusy', code: 'array.busy', facts: { blockers: first.code } });
};
