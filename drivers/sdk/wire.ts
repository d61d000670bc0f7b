import * as z from 'zod';
import type { DriverAnswer, DriverRequest } from './driver.ts';
import { driverOutcomes } from './errors.ts';
import { initiatorTypes } from './model.ts';
import type { VerbInput, VerbName } from './verbs.ts';

/** Texts are bounded so that a request can neither flood a log nor an array. */
const text = z.string().min(1).max(512);
const sizeBytes = z.int().min(0);
const time = z.iso.datetime({ offset: true });

const tls = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('public') }),
  z.object({ mode: z.literal('ca'), pem: z.string().min(1).max(65_536) }),
  z.object({ mode: z.literal('pinned'), sha256: z.array(z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)).max(2) }),
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

const driverFailure = z.object({
  name: z.enum(driverOutcomes),
  code: text,
  message: z.string(),
  nativeCode: z.string().optional(),
  nativeMessage: z.string().optional(),
  facts: z.record(z.string(), z.string()).optional(),
});

const gatewayCalls = z.object({ login: z.int(), read: z.int(), change: z.int() });

export const driverAnswer = z.union([
  z.object({ gatewayCalls, error: driverFailure }),
  z.object({ gatewayCalls, output: z.unknown() }),
]) satisfies z.ZodType<DriverAnswer>;

const provisioningType = z.enum(['thin', 'thick']);
const access = z.enum(['read-write', 'read-only']);
const initiatorType = z.enum(initiatorTypes);

const committedVolume = z.object({
  kind: z.literal('committed'),
  nativeId: text,
  expectedName: text,
  createdAt: time,
  sizeBytes,
  poolNativeId: text,
});

const plannedVolume = z.object({
  kind: z.literal('planned'),
  name: text,
  poolNativeId: text,
  sizeBytes,
  provisioningType,
  notBefore: time,
});

const volumeIntent = z.object({
  ref: text,
  name: text,
  systemNativeId: text,
  poolNativeId: text,
  sizeBytes,
  provisioningType,
});

const volumeItem = z.object({ ref: text, volume: z.discriminatedUnion('kind', [committedVolume, plannedVolume]) });
const expandItem = z.object({ ref: text, volume: committedVolume, newSizeBytes: sizeBytes });
const limits = z.object({ iops: z.int().min(0).exactOptional(), bandwidthBytesPerSecond: z.int().min(0).exactOptional() });

const exportVolume = z.object({ ref: text, volume: committedVolume, lun: z.int().min(0).exactOptional(), access, limits });

const exportInitiator = z.object({
  ref: text,
  type: initiatorType,
  id: text,
  nodeName: text.exactOptional(),
  networkRef: text.exactOptional(),
});

const exportHost = z.object({
  ref: text,
  name: text,
  osType: text,
  clusterRef: text.exactOptional(),
  addresses: z.array(text).max(64),
  initiators: z.array(exportInitiator).max(64),
});

const exportIntent = z.object({
  volumes: z.array(exportVolume).min(1).max(1000),
  hosts: z.array(exportHost).min(1).max(256),
  targets: z.object({ recommended: z.array(text), available: z.array(text) }),
  paths: z.object({ min: z.int().min(0), max: z.int().min(0), perInitiator: z.int().min(0) }),
  mode: z.enum(['exclusive', 'shared', 'cluster']),
});

const exportPair = z.object({ ref: text, volume: committedVolume, initiator: z.object({ type: initiatorType, id: text }) });

interface WithRef {
  ref: string;
}

/** Answers are told apart by `ref`, so that each stands once. */
const batchOf = <Item extends z.ZodType<WithRef>>(item: Item) =>
  z.object({
    items: z
      .array(item)
      .max(1000)
      .refine((items) => new Set(items.map(({ ref }) => ref)).size === items.length, { message: 'a ref stands twice' }),
  });

/** What each verb takes; `identify` and `checkConnection` take nothing. */
export const verbInputs = {
  readInventory: z.object({
    scope: z.enum(['physical', 'volumes']),
    cursor: z.string().min(1).max(4096).exactOptional(),
    limit: z.int().min(1).max(10_000),
  }),
  ensureVolumes: batchOf(volumeIntent),
  ensureVolumesAbsent: batchOf(volumeItem),
  readVolumes: batchOf(volumeItem),
  expandVolumes: batchOf(expandItem),
  ensureExports: exportIntent,
  ensureExportsAbsent: batchOf(exportPair),
  readExports: batchOf(volumeItem),
} satisfies { readonly [V in Exclude<VerbName, 'identify'>]: z.ZodType<VerbInput<V>> };
