import * as z from 'zod';
import { readerOf } from '../../../../core/identity/access.ts';
import { getMany } from '../../../../core/inventory/read.ts';
import { isUrnOf } from '../../../../core/urn.ts';
import { volumeBodies } from '../../../../core/volume/represent.ts';
import { defineRoute } from '../../route.ts';
import { bulkBody, checkIds } from '../bulk-route.ts';
import { volumeShape } from './volume-kind.ts';

/** Not by the common maker: pools are read once each, not once for each volume. */
export const route = defineRoute({
  method: 'POST',
  path: '/block/volumes/bulk',
  function: 'api',
  permission: 'authenticated',
  summary: 'Show up to 4,000 volumes at once',
  body: bulkBody,
  response: z.object({ volume: z.array(volumeShape) }),
  status: 200,
  async handler({ principal, body }, { rows }) {
    checkIds(body.id);
    const ids = [...new Set(body.id)].filter((id) => isUrnOf('Volume', id));
    return { volume: await volumeBodies(rows, await getMany(rows, readerOf(principal), { type: 'Volume', ids })) };
  },
});
