import * as z from 'zod';
import { capabilityNames } from '../capabilities.ts';
import type { DriverDescription } from '../describe.ts';
import { text } from './basics.ts';

const jsonSchema = z.record(z.string(), z.unknown());

export const driverDescription = z.object({
  contractVersion: z.int(),
  type: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  displayName: text,
  interfaceType: text,
  systemType: text,
  protocols: z.array(text).min(1),
  capabilities: z.array(z.enum(capabilityNames)),
  capabilityDefinitions: z.record(z.string(), z.object({ since: z.string().optional(), limits: jsonSchema.optional() })),
  options: jsonSchema,
  defaultPort: z.int().min(1).max(65_535),
  plainHttpAllowed: z.boolean(),
  maxNameLength: z.int().min(20),
  namePrefix: z.string().min(1).max(8),
  graceSeconds: z.number().min(0),
  maxConcurrentOperations: z.int().min(1),
}) satisfies z.ZodType<DriverDescription>;
