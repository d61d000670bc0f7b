import * as z from 'zod';
import { resolutions } from './resolve.ts';

/**
 * A request that changes arrays: its plan, and the state of carrying it out. `accepting`: not all of it is stored yet, and nothing of it runs.
 * `accepted` is carried out by the execution named `owner`. `committing` and `rolling-back`: how it ends is decided, and is being written for
 * one resource after the other. `committed`, `rolled-back` and `needs-repair` are ends, the last one until somebody acts.
 */
export const operationSchema = z.object({
  id: z.string(),
  workflow: z.string(),
  state: z.enum(['accepting', 'accepted', 'undoing', 'committing', 'rolling-back', 'committed', 'rolled-back', 'needs-repair']),
  /** Name of the execution that may act; whoever else tries is fenced. */
  owner: z.string(),
  /** How many repairs were started. */
  repairs: z.number().int(),
  tenantId: z.string(),
  requestedBy: z.string(),
  correlationId: z.string(),
  /** Of the installation when it was accepted; absent: the first. One of another epoch is never started or carried on by itself. */
  epoch: z.number().int().optional(),
  acceptedAt: z.string(),
  /** While it is being accepted: the key of the request's idempotency, which is free again if that does not end. */
  idempotencyPk: z.string().optional(),
  cancelRequested: z.boolean().optional(),
  failure: z.object({ code: z.string(), message: z.string(), nativeCode: z.string().optional() }).optional(),
  /** What steps before the last one have learned, by step. */
  outcomes: z.record(z.string(), z.unknown()).optional(),
  /** While it needs repair. */
  nextTryAt: z.string().optional(),
  /** While it needs repair because of brakes: the storage providers that were frozen. */
  heldBy: z.array(z.string()).optional(),
  /** What an operator has decided of it, while that is carried out. */
  resolution: z.enum(resolutions).optional(),
  taskIds: z.array(z.string()),
  openPk: z.string().optional(),
  openSk: z.string().optional(),
});
export type Operation = z.infer<typeof operationSchema>;

const serviceErrorSchema = z.object({ code: z.number(), retryable: z.boolean(), description: z.string(), details: z.string() });

export const taskSchema = z.object({
  id: z.string(),
  operationId: z.string(),
  resourceId: z.string(),
  resourceName: z.string(),
  tenantId: z.string(),
  name: z.string(),
  state: z.enum(['queued', 'pending', 'ready', 'error', 'suspended_no_error', 'suspended_error']),
  message: z.string(),
  progress: z.number().int(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  associatedIds: z.array(z.string()),
  /** Why its resource was placed where it is; at most 200 characters. */
  why: z.string().optional(),
  serviceError: serviceErrorSchema.optional(),
  /** While it needs repair: the objects that are believed left, as a person reads them in about 1 KB, when it was last looked at, when it is tried again. */
  repair: z.object({ believedLeft: z.array(z.string()), lastLookAt: z.string(), nextTryAt: z.string() }).optional(),
});
export type Task = z.infer<typeof taskSchema>;
