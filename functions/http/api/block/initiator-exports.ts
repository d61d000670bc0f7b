import * as z from 'zod';
import { itlsOfPorts } from '../../../../core/export/itl.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { defineRoute } from '../../route.ts';
import { itlListShape } from './itl-shape.ts';

const ports = z
  .string()
  .min(1)
  .max(4000)
  .transform((text) => [
    ...new Set(
      text
        .split(',')
        .map((port) => port.trim())
        .filter((port) => port !== ''),
    ),
  ]);

export const route = defineRoute({
  method: 'GET',
  path: '/block/exports',
  function: 'api',
  permission: 'authenticated',
  summary: 'What initiators have mapped, by their ports',
  query: z.strictObject({ initiators: ports.describe('Ports, with commas between them') }),
  response: itlListShape,
  status: 200,
  handler: async ({ principal, query }, { rows }) => ({ itl: await itlsOfPorts({ rows, reader: readerOf(principal) }, query.initiators) }),
});
