import * as z from 'zod';
import type { Capability } from './capability-verbs.ts';
import type { DriverDeclaration } from './driver.ts';

const count = (title: string) => z.int().min(1).meta({ title }).exactOptional();
const bytes = (title: string) => z.int().min(0).meta({ title, unit: 'bytes' }).exactOptional();
const seconds = (title: string) => z.int().min(0).meta({ title, unit: 'seconds' }).exactOptional();
const none = z.looseObject({});

/**
 * What an instance of a capability may tell about its limits. A limit that is absent is not known; nothing is then promised. Drivers may
 * tell more, under names of their own.
 */
export const capabilityLimits = {
  discovery: none,
  volume: z.looseObject({ maxVolumes: count('Most volumes') }),
  'volume.expand': none,
  'volume.rename': none,
  'volume.qos': z.looseObject({
    per: z.enum(['volume', 'mapping']).meta({ title: 'What a limit belongs to' }).exactOptional(),
    minIops: count('Smallest limit in requests a second'),
    bandwidthStepBytesPerSecond: count('A bandwidth limit is a multiple of this'),
  }),
  export: z.looseObject({
    accessModes: z
      .array(z.enum(['read-write', 'read-only']))
      .meta({ title: 'Kinds of access' })
      .exactOptional(),
    initiatorTypes: z.array(z.string()).meta({ title: 'Kinds of initiators' }).exactOptional(),
    maxVolumesPerHost: count('Most volumes mapped to one host'),
    maxHostsPerVolume: count('Most hosts that one volume is mapped to'),
    minIops: count('Smallest limit in requests a second'),
    bandwidthStepBytesPerSecond: count('A bandwidth limit is a multiple of this'),
  }),
  hosts: z.looseObject({ maxHosts: count('Most hosts') }),
  snapshot: z.looseObject({
    maxPerTree: count('Most snapshots and linked copies of one tree, whoever made them'),
    accessModes: z
      .array(z.enum(['read-write', 'read-only']))
      .meta({ title: 'Kinds of access' })
      .exactOptional(),
  }),
  'snapshot.restore': none,
  'full-copy': z.looseObject({
    independent: z.boolean().meta({ title: 'Copies share no blocks with their source' }).exactOptional(),
    otherPools: z.boolean().meta({ title: 'Copies may lie in another pool than their source' }).exactOptional(),
    maxPerTree: count('Most snapshots and linked copies of one tree, whoever made them'),
  }),
  'full-copy.restore': none,
  'consistency-group': z.looseObject({ maxMembers: count('Most members of one group') }),
  migration: z.looseObject({
    wholeTree: z.boolean().meta({ title: 'Everything that shares blocks moves together' }).exactOptional(),
    maxAtOnce: count('Most moves at once'),
  }),
  adopt: none,
  statistics: z.looseObject({
    objectTypes: z.array(z.string()).meta({ title: 'What is measured' }).exactOptional(),
    periodSeconds: seconds('Length of a sample'),
    historySeconds: seconds('How far back samples are kept; 0: the present ones alone'),
    lagSeconds: seconds('How old the newest sample may be'),
  }),
  events: z.looseObject({ alerts: z.boolean().meta({ title: 'The array itself raises alerts' }).exactOptional() }),
  maintenance: z.looseObject({ sparedBytes: bytes('What must stay free for it') }),
  'long-operation': none,
} satisfies { readonly [C in Capability]: z.ZodType };

export const limitsSchema = ({ capabilityDefinitions }: DriverDeclaration, capability: Capability): z.ZodType =>
  capabilityDefinitions?.[capability]?.limits ?? capabilityLimits[capability];
