import { gib, type World } from '../world.ts';

interface Stub {
  readonly id: string;
  readonly name: string;
}

const read = async (world: World, list: string, key: string): Promise<Record<string, unknown>[]> => {
  const { body } = await world.api.get(list);
  const stubs = (body[key] ?? []) as readonly Stub[];
  return Promise.all(stubs.map(async ({ id }) => (await world.api.get(`${list.split('?')[0]}/${id}`)).body));
};

export interface Discovered {
  readonly pools: readonly Record<string, unknown>[];
  readonly hosts: readonly Record<string, unknown>[];
}

type Things = readonly Record<string, unknown>[];

const nameOf = (thing: Record<string, unknown>): string => String(thing['name'] ?? thing['pool_name']);

const referred = (reference: unknown): unknown => (reference as { readonly id?: unknown } | undefined)?.id;

/** Systems of different arrays may have one name, so each is shown with its provider's. */
const systemLabels = (systems: Things, providers: Things): ReadonlyMap<unknown, string> => {
  const providerNames = new Map(providers.map((provider) => [provider['id'], nameOf(provider)]));
  return new Map(
    systems.map((system) => [system['id'], `${providerNames.get(referred(system['active_provider_uri']))} ${nameOf(system)}`]),
  );
};

/** What discovery found behind the providers. */
export const showDiscovered = async (world: World): Promise<Discovered> => {
  const { screen, api } = world;
  screen.chapter('What discovery found');
  const [providers, systems, pools, ports, hosts] = await Promise.all([
    read(world, '/vdc/storage-providers', 'storage_provider'),
    read(world, '/vdc/storage-systems', 'storage_system'),
    read(world, '/vdc/storage-pools', 'storage_pool'),
    read(world, '/vdc/storage-ports', 'storage_port'),
    read(world, '/compute/hosts', 'host'),
  ]);
  const labels = systemLabels(systems, providers);
  screen.line(
    `storage systems: ${systems.map((system) => `${labels.get(system['id'])} (${String(system['firmware_version'])})`).join(', ')}`,
  );
  screen.table([
    ['storage pool', 'storage system', 'usable', 'free', 'subscribed'],
    ...pools.map((pool) => [
      String(pool['pool_name'] ?? pool['name']),
      labels.get(referred(pool['storage_system'])) ?? '',
      gib(pool['usable_gb']),
      gib(pool['free_gb']),
      gib(pool['subscribed_gb']),
    ]),
  ]);
  screen.line(`storage ports: ${ports.map((port) => String(port['port_name'] ?? port['name'])).join(', ')}`);
  for (const host of hosts) {
    const { body } = await api.get(`/compute/hosts/${String(host['id'])}/initiators`);
    screen.line(
      `host ${nameOf(host)} with initiators ${((body['initiator'] ?? []) as readonly Stub[]).map(({ name }) => name).join(', ')}`,
    );
  }
  screen.seen(
    systems.length === 2 && pools.length === 4 && ports.length === 6 && hosts.length === 6,
    '2 storage systems, 4 pools, 6 ports and 6 hosts were found',
  );
  return { pools, hosts };
};
