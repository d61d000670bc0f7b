import type { Row } from '../../core/change.ts';
import { listStubs } from '../../core/inventory/read.ts';
import { resourceKey } from '../../core/inventory/resource.ts';
import type { ResourceType } from '../../core/inventory/schemas.ts';
import type { Rows } from '../../core/ports.ts';

const idsOf = async (rows: Rows, type: ResourceType, scope: string): Promise<string[]> =>
  (await listStubs(rows, { type, scope })).stubs.map(({ id }) => id);

const idsBelow = async (rows: Rows, type: ResourceType, scopes: readonly string[]): Promise<string[]> =>
  (await Promise.all(scopes.map((scope) => idsOf(rows, type, scope)))).flat();

/** The rows of everything that was discovered behind a provider. */
export const knownRows = async (rows: Rows, providerId: string): Promise<Row[]> => {
  const systems = await idsOf(rows, 'StorageSystem', providerId);
  const hosts = await idsOf(rows, 'Host', providerId);
  const [pools, ports, initiators] = await Promise.all([
    idsBelow(rows, 'StoragePool', systems),
    idsBelow(rows, 'StoragePort', systems),
    idsBelow(rows, 'Initiator', hosts),
  ]);
  const found = await rows.getMany('Inventory', [...systems, ...hosts, ...pools, ...ports, ...initiators].map(resourceKey));
  return found.flatMap((row) => (row ? [row] : []));
};
