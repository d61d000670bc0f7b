import { ControlPlaneError } from '../errors.ts';
import { ownTenant, type Principal } from '../identity/access.ts';
import { getMany, getReferred, listStubs } from '../inventory/read.ts';
import type { Project, StoragePool, StorageProvider, StorageSystem, VirtualArray, VirtualPool } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';

export interface Destination {
  readonly project: Project;
  readonly varray: VirtualArray;
  readonly vpool: VirtualPool;
}

/** What an order names, as far as its author may use it. */
export const findDestination = async (
  rows: Rows,
  principal: Principal,
  order: { readonly project: string; readonly varray: string; readonly vpool: string },
): Promise<Destination> => {
  const reader = ownTenant(principal);
  const [project, varray, vpool] = await Promise.all([
    getReferred(rows, reader, { type: 'Project', id: order.project, field: 'project' }),
    getReferred(rows, reader, { type: 'VirtualArray', id: order.varray, field: 'varray' }),
    getReferred(rows, reader, { type: 'VirtualPool', id: order.vpool, field: 'vpool' }),
  ]);
  if (!vpool.varrayIds.includes(varray.id))
    throw new ControlPlaneError(`vpool: the virtual pool ${vpool.name} does not serve the virtual array ${varray.name} (${varray.id})`, {
      code: 'request.parameterInvalid',
    });
  return { project, varray, vpool };
};

export interface Supply {
  readonly pools: readonly StoragePool[];
  readonly providers: ReadonlyMap<string, StorageProvider>;
  readonly systems: ReadonlyMap<string, StorageSystem>;
}

const byId = <T extends { readonly id: string }>(resources: readonly T[]): ReadonlyMap<string, T> =>
  new Map(resources.map((resource) => [resource.id, resource]));

/** The pools assigned to a virtual array, as they are now, their systems, and the providers they are reached through. */
export const readSupply = async (rows: Rows, varrayId: string): Promise<Supply> => {
  const { stubs } = await listStubs(rows, { type: 'StoragePool', scope: varrayId });
  const pools = await getMany(rows, 'system', { type: 'StoragePool', ids: stubs.map(({ id }) => id) });
  const [providers, systems] = await Promise.all([
    getMany(rows, 'system', { type: 'StorageProvider', ids: [...new Set(pools.map(({ providerId }) => providerId))] }),
    getMany(rows, 'system', { type: 'StorageSystem', ids: [...new Set(pools.map(({ systemId }) => systemId))] }),
  ]);
  return { pools, providers: byId(providers), systems: byId(systems) };
};
