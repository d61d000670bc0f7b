import * as z from 'zod';
import { driverOutcomes } from '../errors.ts';
import { initiatorTypes } from '../model.ts';

/** Texts are bounded so that a request can neither flood a log nor an array. */
export const text = z.string().min(1).max(512);
export const sizeBytes = z.int().min(0);
export const time = z.iso.datetime({ offset: true });
export const percent = z.number().min(0).max(100);

export const access = z.enum(['read-write', 'read-only']);
export const provisioningType = z.enum(['thin', 'thick']);
export const initiatorType = z.enum(initiatorTypes);
export const initiatorId = z.object({ type: initiatorType, id: text });
export const limits = z.object({
  iops: z.int().min(0).exactOptional(),
  bandwidthBytesPerSecond: z.int().min(0).exactOptional(),
});

export const driverFailure = z.object({
  name: z.enum(driverOutcomes),
  code: text,
  message: z.string(),
  nativeCode: z.string().optional(),
  nativeMessage: z.string().optional(),
  facts: z.record(z.string(), z.string()).optional(),
});

interface WithRef {
  ref: string;
}

/** Answers are told apart by `ref`, so that each stands once. */
export const itemsOf = <Item extends z.ZodType<WithRef>>(item: Item) =>
  z
    .array(item)
    .max(1000)
    .refine((items) => new Set(items.map(({ ref }) => ref)).size === items.length, { message: 'a ref stands twice' });

export const batchOf = <Item extends z.ZodType<WithRef>>(item: Item) => z.object({ items: itemsOf(item) });

export const longOperation = z.object({
  handle: z.string().min(1).max(4096),
  percent,
  retryAfterSeconds: z.number().min(0),
  cancellable: z.boolean(),
});

export const itemAnswerOf = <Observed extends z.ZodType>(observed: Observed) =>
  z.object({
    ref: z.string(),
    status: z.enum(['done', 'inProgress', 'rejected', 'busy', 'uncertain']),
    outcome: z.enum(['made', 'found']).exactOptional(),
    nativeId: z.string().exactOptional(),
    observed: observed.exactOptional(),
    error: driverFailure.exactOptional(),
  });

export const batchAnswerOf = <Observed extends z.ZodType>(observed: Observed) =>
  z.object({ items: z.array(itemAnswerOf(observed)), operation: longOperation.exactOptional() });
