import * as z from 'zod';
import { initiatorTypes } from '../../drivers/sdk/model.ts';
import { plannedVolume } from '../volume/plan.ts';

const count = z.number().int().nonnegative();

const members = z.object({
  volumes: z.array(z.object({ id: z.string(), lun: z.number().int().optional() })),
  hostIds: z.array(z.string()),
  initiatorIds: z.array(z.string()),
});
/** What an export group holds. */
export type Members = z.infer<typeof members>;

/**
 * What becomes of the mapping of a volume to an initiator. `map`: this group is the first that wants it; `join`: others want it already;
 * `leave`: others still want it; `unmap`: nobody does; `forget`: nobody does, and it was there before; `keep`: stays as it is, and is
 * named to the array beside those that are mapped.
 */
export const pairActions = ['map', 'join', 'leave', 'unmap', 'forget', 'keep'] as const;
export type PairAction = (typeof pairActions)[number];

/** `v` and `i` are places in `volumes` and `initiators`; `version` is that of the pair's row, 0 while there is none; `groups` are those of the row afterwards. */
const plannedPair = z.object({
  v: count,
  i: count,
  action: z.enum(pairActions),
  version: count,
  groups: z.array(z.string()),
});
export type PlannedPair = z.infer<typeof plannedPair>;

const exportedVolume = plannedVolume.extend({
  lun: z.number().int().optional(),
  iops: count.optional(),
  bandwidthBytesPerSecond: count.optional(),
  paths: z.object({ min: count, max: count, perInitiator: count }),
  /** Whether several hosts may have it. */
  shared: z.boolean(),
});
export type ExportedVolume = z.infer<typeof exportedVolume>;

const plannedInitiator = z.object({
  id: z.string(),
  type: z.enum(initiatorTypes),
  port: z.string(),
  node: z.string().optional(),
  hostId: z.string(),
  hostName: z.string(),
  osType: z.string(),
});
export type PlannedInitiator = z.infer<typeof plannedInitiator>;

/** Of all workflows that export. `after` is the group when everything went well. */
export const exportPlan = z.object({
  groupId: z.string(),
  tenantId: z.string(),
  volumes: z.array(exportedVolume),
  initiators: z.array(plannedInitiator),
  pairs: z.array(plannedPair),
  after: members,
});
export type ExportPlan = z.infer<typeof exportPlan>;
