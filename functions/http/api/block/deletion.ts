import * as z from 'zod';
import type { VolumeDeletion } from '../../../../core/volume/delete.ts';

/**
 * `force` is taken, since old clients send it, and skips no check. `type` left out or FULL destroys; the other two forget the record
 * and leave the array alone.
 */
export const deletionQuery = z.strictObject({
  force: z.enum(['true', 'false']).optional(),
  type: z.enum(['FULL', 'VIPR_ONLY', 'CoprHD_ONLY']).default('FULL'),
});

export const modeOf = ({ type }: z.infer<typeof deletionQuery>): VolumeDeletion['mode'] => (type === 'FULL' ? 'destroy' : 'release');
