import { ControlPlaneError } from '../errors.ts';
import { ownTenant, type Principal } from '../identity/access.ts';
import { getMany, getReferred, listStubs } from '../inventory/read.ts';
import type { Project, StoragePool, StorageProvider, VirtualArray, VirtualPool } from '../inventory/schemas.ts';
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
}

/** The pools assigned to a virtual array, as they are now, and the providers they are reached through. */
export const readSupply = async (rows: Rows, varrayId: string): Promise<Supply> => {
  const { stubs } = await listStubs(rows, { type: 'StoragePool', scope: varrayId });
  const pools = await getMany(rows, 'system', { type: 'StoragePool', ids: stubs.map(({ id }) => id) });
  const providerIds = [...new Set(pools.map(({ providerId }) => providerId))];
  const providers = await getMany(rows, 'system', { type: 'StorageProvider', ids: providerIds });
  return { pools, providers: new Map(providers.map((provider) => [provider.id, provider])) };
};
