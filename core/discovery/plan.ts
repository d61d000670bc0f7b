import * as z from 'zod';

/** What a discovery is carried out by. */
export const discoveryPlanSchema = z.object({
  providerId: z.string(),
  requestedBy: z.enum(['operator', 'schedule']),
  /** So many missing at once an administrator takes for true. */
  acceptMissing: z.number().int().optional(),
});
export type DiscoveryPlan = z.infer<typeof discoveryPlanSchema>;

/** A provider's arrays are discovered anew this often. */
export const rediscoverySeconds = 3600;
