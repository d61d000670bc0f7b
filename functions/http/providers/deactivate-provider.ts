import * as z from 'zod';
import { ControlPlaneError } from '../../../core/errors.ts';
import { getResource } from '../../../core/inventory/read.ts';
import type { StorageProvider } from '../../../core/inventory/schemas.ts';
import { idsOf, inventoryOf } from '../../../core/provider/inventory.ts';
import { carryOutRemoval, refuseUsedPools } from '../../../core/provider/remove.ts';
import { beginWrites } from '../../../core/provider/removing.ts';
import { authorOf, conclude } from '../../../core/request.ts';
import { systemAdmins } from '../api/resource-kind.ts';
import { defineRoute } from '../route.ts';
import type { ProviderPorts } from './ports.ts';

const refuseBusy = ({ name, activeTaskId }: StorageProvider): void => {
  if (activeTaskId)
    throw new ControlPlaneError(`${name} is being discovered (${activeTaskId}); try again when that task has ended`, {
      code: 'resource.busy',
    });
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
    const { pools, others } = await inventoryOf(ports.rows, provider.id);
    refuseUsedPools(provider, pools);
    const plan = { remove: [provider.id, ...idsOf(pools), ...idsOf(others)] };
    if (request.dryRun) return conclude(ports, request, { writes: [], answer: {}, plan });
    const author = authorOf(ports, request);
    if (!provider.removal) await ports.rows.transact(beginWrites(provider, author));
    const writes = await carryOutRemoval({ rows: ports.rows, author }, provider);
    const answer = await conclude(ports, request, { writes, answer: {}, plan });
    await ports.secrets.remove(provider.secretName);
    return answer;
  },
});
