import type { Simulator } from '../../drivers/scaleio/simulator/start.ts';
import type { Live, Reply } from './live.ts';

/** What a tenant needs before it can order: providers, a virtual array over all pools, a virtual pool, a project. */
export interface Estate {
  readonly providerIds: readonly string[];
  readonly poolIds: readonly string[];
  readonly tenantId: string;
  readonly varrayId: string;
  readonly vpoolId: string;
  readonly projectId: string;
}

/** What an estate is set up through. */
export type Setup = Pick<Live, 'get' | 'post' | 'put' | 'finished'> & { readonly simulators: readonly Reachable[] };

type Reachable = Pick<Simulator, 'port' | 'fingerprint256'>;

export const registration = (simulator: Reachable, name: string) => ({
  name,
  interface_type: 'scaleioapi',
  ip_address: '127.0.0.1',
  port_number: simulator.port,
  user_name: 'admin',
  password: 'Secret123!',
  certificate_sha256: simulator.fingerprint256,
});

const mustBe = (reply: Reply, status: number): Reply['body'] => {
  if (reply.status !== status) throw new Error(`expected ${status}, got ${reply.status}: ${JSON.stringify(reply.body)}`);
  return reply.body;
};

const register = async (live: Setup, simulator: Reachable, name: string): Promise<string> => {
  const task = mustBe(await live.post('/vdc/storage-providers', registration(simulator, name)), 202);
  const ended = await live.finished(task);
  if (ended.state !== 'ready') throw new Error(`${name} was not discovered: ${JSON.stringify(ended)}`);
  return ended.resource.id;
};

/** Registers every simulator and defines classes over all that was found. */
export const anEstate = async (live: Setup): Promise<Estate> => {
  const providerIds: string[] = [];
  for (const [n, simulator] of live.simulators.entries()) providerIds.push(await register(live, simulator, `array-${n + 1}`));
  const varrayId: string = mustBe(await live.post('/vdc/varrays', { name: 'east' }), 200).id;
  const pools: { id: string }[] = mustBe(await live.get('/vdc/storage-pools'), 200).storage_pool;
  for (const { id } of pools)
    mustBe(await live.put(`/vdc/storage-pools/${id}`, { varray_assignment_changes: { add: { varrays: [varrayId] } } }), 200);
  const vpool = { name: 'silver', protocols: ['ScaleIO'], provisioning_type: 'Thin', varrays: [varrayId], expandable: true };
  const vpoolId: string = mustBe(await live.post('/block/vpools', vpool), 200).id;
  const tenantId: string = mustBe(await live.get('/tenant'), 200).id;
  const projectId: string = mustBe(await live.post(`/tenants/${tenantId}/projects`, { name: 'demo' }), 200).id;
  return { providerIds, poolIds: pools.map(({ id }) => id), tenantId, varrayId, vpoolId, projectId };
};

/** An estate whose virtual pool and project have quotas, of so many GB. */
export const aLimitedEstate = async (live: Setup, quotaGb: number): Promise<Estate> => {
  const estate = await anEstate(live);
  for (const path of [`/block/vpools/${estate.vpoolId}`, `/projects/${estate.projectId}`])
    mustBe(await live.put(`${path}/quota`, { quota_enabled: true, quota_gb: quotaGb }), 200);
  return estate;
};

/** The body of an order for volumes. */
export const volumeOrder = (estate: Estate, change: Record<string, unknown> = {}) => ({
  name: 'data',
  size: '8GB',
  count: 1,
  project: estate.projectId,
  varray: estate.varrayId,
  vpool: estate.vpoolId,
  ...change,
});
