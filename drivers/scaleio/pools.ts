import { DriverError } from '../sdk/errors.ts';
import type { ProvisioningType } from '../sdk/model.ts';
import type { Gateway } from './gateway.ts';
import { has } from './releases.ts';
import { type PoolWire, poolWire } from './wire.ts';

/** A pool keeps its layout as long as it lives; one call for a pool in a session. */
const readPool = (gateway: Gateway, poolId: string): Promise<PoolWire> =>
  gateway.facts.once(`pool ${poolId}`, () => gateway.get(poolWire, `/api/instances/StoragePool::${encodeURIComponent(poolId)}`));

/** Pools of fine granularity hold thin volumes only. */
export const provisioningTypesOf = ({ dataLayout }: Pick<PoolWire, 'dataLayout'>): readonly ProvisioningType[] =>
  dataLayout === 'FineGranularity' ? ['thin'] : ['thin', 'thick'];

/** Costs nothing for a thin volume, and nothing before there were pools of fine granularity. */
export const requireProvisioning = async (gateway: Gateway, poolId: string, provisioningType: ProvisioningType): Promise<void> => {
  if (provisioningType === 'thin' || !has(gateway.version, 'fine granularity pools')) return;
  const pool = await readPool(gateway, poolId);
  if (provisioningTypesOf(pool).includes(provisioningType)) return;
  throw new DriverError(`pool ${poolId} is of fine granularity and holds thin volumes only`, {
    outcome: 'DriverRejected',
    code: 'request.invalid',
    facts: { poolNativeId: poolId, provisioningType },
  });
};
