import * as z from 'zod';
import { linkShape, referenceShape, stubShape } from '../common-body.ts';

export const itlListShape = z.object({
  itl: z.array(
    z.object({
      hlu: z.number().describe('-1 where the logical unit has no number'),
      device: z.object({ id: z.string(), link: linkShape, wwn: z.string().nullable() }),
      initiator: referenceShape.extend({ port: z.string() }),
      target: z.object({}),
      export: stubShape,
      san_zone_name: z.string(),
      device_path: z.string().nullable().describe('Where the volume appears on the host'),
    }),
  ),
});
