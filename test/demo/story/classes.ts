import type { World } from '../world.ts';
import type { Discovered } from './discovered.ts';

export interface Classes {
  readonly projectId: string;
  readonly varrayId: string;
  readonly vpoolId: string;
}

const idOf = (body: Record<string, unknown>): string => String(body['id']);

const assignPools = async ({ api, screen }: World, { pools }: Discovered, varrayId: string): Promise<void> => {
  const change = { varray_assignment_changes: { add: { varrays: [varrayId] } } };
  const answers = await Promise.all(pools.map((pool) => api.put(`/vdc/storage-pools/${idOf(pool)}`, change)));
  screen.seen(
    answers.every(({ status }) => status === 200),
    `all ${answers.length} pools are assigned to the virtual array`,
  );
};

/** A virtual array over both arrays, a class of service, and a project of the root tenant to order in. */
export const defineClasses = async (world: World, discovered: Discovered): Promise<Classes> => {
  const { api, screen } = world;
  screen.chapter('Define a virtual array and a class of service');
  const varrayId = idOf((await api.post('/vdc/varrays', { name: 'east' })).body);
  await assignPools(world, discovered, varrayId);
  const vpool = {
    name: 'silver',
    description: 'thin, expandable',
    protocols: ['ScaleIO'],
    provisioning_type: 'Thin',
    varrays: [varrayId],
    expandable: true,
  };
  const preview = await api.post('/block/vpools/matching-pools', vpool);
  const matching = (preview.body['storage_pool'] ?? []) as readonly unknown[];
  screen.seen(matching.length === 4, `${matching.length} pools would match the virtual pool "silver"`);
  const vpoolId = idOf((await api.post('/block/vpools', vpool)).body);
  const tenant = await api.get('/tenant');
  const project = await api.post(`/tenants/${idOf(tenant.body)}/projects`, { name: 'demo' });
  screen.seen(project.status === 200, 'the root tenant has the project "demo"');
  return { projectId: idOf(project.body), varrayId, vpoolId };
};
