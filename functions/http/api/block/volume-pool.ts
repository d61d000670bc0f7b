import { readerOf } from '../../../../core/identity/access.ts';
import { referenceBody } from '../../../../core/inventory/links.ts';
import { getResource } from '../../../../core/inventory/read.ts';
import { defineRoute } from '../../route.ts';
import { referenceShape } from '../common-body.ts';

export const route = defineRoute({
  method: 'GET',
  path: '/block/volumes/{id}/storage-pool',
  function: 'api',
  permission: 'authenticated',
  summary: 'The storage pool a volume lies in',
  response: referenceShape,
  status: 200,
  async handler({ principal, params }, { rows }) {
    const volume = await getResource(rows, readerOf(principal), { type: 'Volume', id: params['id'] ?? '' });
    return referenceBody(volume.poolId);
  },
});
