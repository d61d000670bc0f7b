import * as z from 'zod';
import type { VerbInput, VerbName, VerbOutput } from './capability-verbs.ts';
import type { DriverAnswer, DriverRequest } from './driver.ts';
import type { ArrayIdentity } from './model.ts';
import { driverFailure, text } from './wire/basics.ts';
import { blockInputs, blockOutputs } from './wire/block.ts';
import { copyInputs, copyOutputs } from './wire/copies.ts';
import { observeInputs, observeOutputs } from './wire/observe.ts';
import { arrayIdentity } from './wire/observed.ts';
import { operateInputs, operateOutputs } from './wire/operate.ts';

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

/** What each verb takes; `identify` and `checkConnection` take nothing. */
export const verbInputs = {
  ...observeInputs,
  ...blockInputs,
  ...copyInputs,
  ...operateInputs,
} satisfies { readonly [V in Exclude<VerbName, 'identify'>]: z.ZodType<VerbInput<V>> };

/** What each verb answers. Unknown fields pass. */
export const verbOutputs = {
  checkConnection: arrayIdentity,
  identify: arrayIdentity,
  ...observeOutputs,
  ...blockOutputs,
  ...copyOutputs,
  ...operateOutputs,
} satisfies { readonly [V in VerbName]: z.ZodType<VerbOutput<V>> } & { checkConnection: z.ZodType<ArrayIdentity> };
