import { itlsOfVolumes } from '../../../../core/export/itl.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { getMany } from '../../../../core/inventory/read.ts';
import { isUrnOf } from '../../../../core/urn.ts';
import { defineRoute } from '../../route.ts';
import { bulkBody, checkIds } from '../bulk-route.ts';
import { itlListShape } from './itl-shape.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/block/volumes/exports/bulk',
  function: 'api',
  permission: 'authenticated',
  summary: 'How up to 4,000 volumes are mapped',
  body: bulkBody,
  response: itlListShape,
  status: 200,
  async handler({ principal, body }, { rows }) {
    checkIds(body.id);
    const reader = readerOf(principal);
    const ids = [...new Set(body.id)].filter((id) => isUrnOf('Volume', id));
    return { itl: await itlsOfVolumes({ rows, reader }, await getMany(rows, reader, { type: 'Volume', ids })) };
  },
});
