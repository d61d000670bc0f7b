import * as z from 'zod';

/** Properties of a storage provider that only this driver reads. */
export const scaleioOptions = z.strictObject({
  requestTimeoutSeconds: z
    .int()
    .min(1)
    .max(60)
    .default(20)
    .meta({ title: 'Request timeout', description: 'Longest time one request to the gateway may take, in seconds', unit: 'seconds' }),
});
export type ScaleioOptions = z.infer<typeof scaleioOptions>;
