import * as z from 'zod';
import { linkShape, referenceShape, stubShape } from '../common-body.ts';

const serviceError = z.object({ code: z.number(), retryable: z.boolean(), description: z.string(), details: z.string() });

export const taskShape = z.object({
  id: z.string(),
  name: z.string(),
  link: linkShape,
  op_id: z.string(),
  inactive: z.boolean(),
  resource: stubShape,
  tenant: referenceShape,
  associated_resources: z.array(referenceShape),
  state: z.enum(['queued', 'pending', 'ready', 'error', 'suspended_no_error', 'suspended_error']).describe('ready or error ends it'),
  allowed_operations: z.string(),
  description: z.string(),
  message: z.string().optional(),
  service_error: serviceError.optional(),
  start_time: z.number(),
  end_time: z.number().optional(),
  progress: z.number(),
  repair: z
    .object({ believed_left: z.array(z.string()), last_look: z.string(), next_try: z.string() })
    .optional()
    .describe(
      'While it needs repair: resume, rollback and resolve are for that. believed_left names the objects, at most 10, that may be left on arrays',
    ),
});

export const taskListShape = z.object({ task: z.array(taskShape) });
