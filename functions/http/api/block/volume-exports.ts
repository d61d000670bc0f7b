import { itlsOfVolumes } from '../../../../core/export/itl.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { getResource } from '../../../../core/inventory/read.ts';
import { defineRoute } from '../../route.ts';
import { itlListShape } from './itl-shape.ts';

export const route = defineRoute({
  method: 'GET',
  path: '/block/volumes/{id}/exports',
  function: 'api',
  permission: 'authenticated',
  summary: 'How a volume is mapped: initiator, target, logical unit',
  response: itlListShape,
  status: 200,
  async handler({ principal, params }, { rows }) {
    const reader = readerOf(principal);
    const volume = await getResource(rows, reader, { type: 'Volume', id: params['id'] ?? '' });
    return { itl: await itlsOfVolumes({ rows, reader }, [volume]) };
  },
});
