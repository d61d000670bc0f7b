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

const nameOf = (thing: Record<string, unknown>): string => String(thing['name'] ?? thing['pool_name']);

/** What discovery found behind the providers. */
export const showDiscovered = async (world: World): Promise<Discovered> => {
  const { screen, api } = world;
  screen.chapter('What discovery found');
  const [systems, pools, ports, hosts] = await Promise.all([
    read(world, '/vdc/storage-systems', 'storage_system'),
    read(world, '/vdc/storage-pools', 'storage_pool'),
    read(world, '/vdc/storage-ports', 'storage_port'),
    read(world, '/compute/hosts', 'host'),
  ]);
  screen.line(`storage systems: ${systems.map((system) => `${nameOf(system)} (${String(system['firmware_version'])})`).join(', ')}`);
  screen.table([
    ['storage pool', 'usable', 'free', 'subscribed'],
    ...pools.map((pool) => [
      String(pool['pool_name'] ?? pool['name']),
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
