import * as z from 'zod';
import type { Write } from '../../../core/change.ts';
import { ControlPlaneError } from '../../../core/errors.ts';
import { type Author, changed } from '../../../core/inventory/changes.ts';
import { getMany, getResource, listStubs } from '../../../core/inventory/read.ts';
import { resourceKey } from '../../../core/inventory/resource.ts';
import type { ResourceOf, ResourceType, StoragePool, StorageProvider } from '../../../core/inventory/schemas.ts';
import type { Rows } from '../../../core/ports.ts';
import { releaseArray } from '../../../core/provider/array-claim.ts';
import { forgotten, forgottenVolumes, inTransactions } from '../../../core/provider/removal.ts';
import { authorOf, conclude } from '../../../core/request.ts';
import { systemAdmins } from '../api/resource-kind.ts';
import { defineRoute } from '../route.ts';
import type { ProviderPorts } from './ports.ts';

const below = async <T extends ResourceType>(rows: Rows, type: T, scopes: readonly string[]): Promise<ResourceOf<T>[]> => {
  const lists = await Promise.all(scopes.map((scope) => listStubs(rows, { type, scope })));
  return getMany(rows, 'system', { type, ids: [...new Set(lists.flatMap(({ stubs }) => stubs.map(({ id }) => id)))] });
};

const idsOf = (resources: readonly { id: string }[]): string[] => resources.map(({ id }) => id);

const found = async (rows: Rows, providerId: string) => {
  const [systems, hosts] = await Promise.all([below(rows, 'StorageSystem', [providerId]), below(rows, 'Host', [providerId])]);
  const [pools, ports, initiators] = await Promise.all([
    below(rows, 'StoragePool', idsOf(systems)),
    below(rows, 'StoragePort', idsOf(systems)),
    below(rows, 'Initiator', idsOf(hosts)),
  ]);
  return { pools, others: [...ports, ...initiators, ...hosts, ...systems] };
};

const removalsOf = ({ pools, others }: Awaited<ReturnType<typeof found>>, author: Author): Write[][] => [
  ...pools.map((pool) => forgotten(pool, author, pool)),
  ...others.map((resource) => forgotten(resource, author)),
];

const refuseUsed = (provider: StorageProvider, pools: readonly StoragePool[]): void => {
  const used = pools.find(({ managedBytes }) => managedBytes > 0);
  if (used)
    throw new ControlPlaneError(
      `volumes of this installation are on the storage pool ${used.name} of ${provider.name}; delete or release them first`,
      { code: 'resource.inUse' },
    );
};

const refuseBusy = ({ name, activeTaskId }: StorageProvider): void => {
  if (activeTaskId)
    throw new ControlPlaneError(`${name} is being discovered (${activeTaskId}); try again when that task has ended`, {
      code: 'resource.busy',
    });
};

/** A discovery that starts meanwhile stops the removal, and finds again what is gone by then. */
const removeFound = async (ports: ProviderPorts, provider: StorageProvider, removals: readonly (readonly Write[])[]): Promise<void> => {
  for (const writes of inTransactions(removals))
    await ports.rows.transact([
      {
        do: 'check',
        table: 'Inventory',
        key: resourceKey(provider.id),
        when: [{ attribute: 'version', is: '=', value: provider.version }],
      },
      ...writes,
    ]);
};

export const route = defineRoute({
  method: 'POST',
  path: '/vdc/storage-providers/{id}/deactivate',
  function: 'providers',
  permission: systemAdmins,
  summary: 'Forget an array on which there is no volume of ours; nothing on the array is changed',
  response: z.object({}),
  status: 200,
  async handler(request, ports: ProviderPorts) {
    const provider = await getResource(ports.rows, 'system', { type: 'StorageProvider', id: request.params['id'] ?? '' });
    if (provider.inactive) {
      await ports.secrets.remove(provider.secretName);
      throw new ControlPlaneError(`the StorageProvider ${provider.name} (${provider.id}) was removed`, { code: 'resource.inactive' });
    }
    refuseBusy(provider);
    const inventory = await found(ports.rows, provider.id);
    refuseUsed(provider, inventory.pools);
    const author = authorOf(ports, request);
    const removals = [...(await forgottenVolumes(ports.rows, provider.arrayId)), ...removalsOf(inventory, author)];
    if (!request.dryRun) await removeFound(ports, provider, removals);
    const patch = { inactive: true, duePk: undefined, dueSk: undefined };
    const writes = [...changed<StorageProvider>(provider, patch, { author }), releaseArray(provider)];
    const remove = [provider.id, ...idsOf(inventory.pools), ...idsOf(inventory.others)];
    const answer = await conclude(ports, request, { writes, answer: {}, plan: { remove } });
    if (!request.dryRun) await ports.secrets.remove(provider.secretName);
    return answer;
  },
});
