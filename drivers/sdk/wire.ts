import * as z from 'zod';
import type { DriverAnswer, DriverRequest } from './driver.ts';
import { driverFailure, text } from './wire/basics.ts';

const tls = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('public') }),
  z.object({ mode: z.literal('ca'), pem: z.string().min(1).max(65_536) }),
  z.object({ mode: z.literal('pinned'), sha256: z.array(z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)).max(16) }),
  z.object({ mode: z.literal('none') }),
]);

/** A host name or an address, nothing that could carry credentials or a path. */
const host = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$|^[0-9A-Fa-f:.]+$/);

export const arrayConnection = z.object({
  endpoints: z
    .array(z.object({ host, port: z.int().min(1).max(65_535) }))
    .min(1)
    .max(8),
  tls,
});

export const credentials = z.object({ username: text, password: z.string().min(1).max(4096) });

export const driverRequest = z.object({
  contractVersion: z.int(),
  verb: text,
  arrayId: text.exactOptional(),
  correlationId: text,
  deadline: z.int(),
  connection: arrayConnection,
  options: z.unknown().default({}),
  secretId: text.exactOptional(),
  credentials: credentials.exactOptional(),
  input: z.unknown().default(null),
}) satisfies z.ZodType<DriverRequest>;

const gatewayCalls = z.object({ login: z.int(), read: z.int(), change: z.int() });

export const driverAnswer = z.union([
  z.object({ gatewayCalls, error: driverFailure }),
  z.object({ gatewayCalls, output: z.unknown() }),
]) satisfies z.ZodType<DriverAnswer>;

/** The one request that needs neither an array nor credentials. */
export const describeRequest = z.object({ contractVersion: z.int(), verb: z.literal('describe') });
