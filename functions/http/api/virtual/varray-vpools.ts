import { readerOf } from '../../../../core/identity/access.ts';
import { getResource } from '../../../../core/inventory/read.ts';
import { allVpools } from '../../../../core/inventory/users.ts';
import { defineRoute } from '../../route.ts';
import { listBody, listShape } from '../common-body.ts';

export const route = defineRoute({
  method: 'GET',
  path: '/vdc/varrays/{id}/vpools',
  function: 'api',
  permission: 'authenticated',
  summary: 'Virtual pools that can place volumes in a virtual array',
  response: listShape('virtualpool'),
  status: 200,
  async handler({ principal, params }, { rows }) {
    const { id } = await getResource(rows, readerOf(principal), { type: 'VirtualArray', id: params['id'] ?? '' });
    return listBody('virtualpool', { stubs: (await allVpools(rows)).filter(({ varrayIds }) => varrayIds.includes(id)) });
  },
});
