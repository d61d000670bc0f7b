import { getMany, listStubs } from '../inventory/read.ts';
import type { Resource } from '../inventory/resource.ts';
import type { ResourceOf, ResourceType, StoragePool } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';
import { poolsOf } from './pools.ts';

const below = async <T extends ResourceType>(rows: Rows, type: T, scopes: readonly string[]): Promise<ResourceOf<T>[]> => {
  const lists = await Promise.all(scopes.map((scope) => listStubs(rows, { type, scope })));
  return getMany(rows, 'system', { type, ids: [...new Set(lists.flatMap(({ stubs }) => stubs.map(({ id }) => id)))] });
};

export const idsOf = (resources: readonly { id: string }[]): string[] => resources.map(({ id }) => id);

export interface ProviderInventory {
  readonly pools: readonly StoragePool[];
  /** What is below something else comes before it. */
  readonly others: readonly Resource[];
}

/** All that discovery has found behind a provider but the volumes. */
export const inventoryOf = async (rows: Rows, providerId: string): Promise<ProviderInventory> => {
  const [systems, hosts] = await Promise.all([below(rows, 'StorageSystem', [providerId]), below(rows, 'Host', [providerId])]);
  const [pools, ports, initiators] = await Promise.all([
    poolsOf(rows, providerId),
    below(rows, 'StoragePort', idsOf(systems)),
    below(rows, 'Initiator', idsOf(hosts)),
  ]);
  return { pools, others: [...ports, ...initiators, ...hosts, ...systems] };
};
