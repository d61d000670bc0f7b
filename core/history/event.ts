import * as z from 'zod';
import type { Row, Value } from '../change.ts';
import type { Delta } from './delta.ts';
import type { EventKind } from './write.ts';

/** One change of one resource. */
export interface HistoryEvent {
  /** A ULID. */
  readonly id: string;
  /** Of the resource. */
  readonly resourceId: string;
  readonly kind: EventKind;
  readonly at: string;
  readonly actor: string;
  readonly operationId?: string | undefined;
  readonly delta: Delta;
  /** Where it stands among the changes of the resource. */
  readonly order: string;
}

const value = z.custom<Value>();
const fields = z.record(z.string(), value);
const listChange = z.object({ at: z.number(), removed: z.array(value), added: z.union([z.array(value), z.number()]) });

const eventRow = z.object({
  pk: z.string(),
  sk: z.string(),
  kind: z.enum(['created', 'changed', 'removed']),
  at: z.string(),
  actor: z.string(),
  operationId: z.string().optional(),
  before: fields.optional(),
  after: fields.optional(),
  lists: z.record(z.string(), listChange).optional(),
  cut: z.array(z.string()).optional(),
  order: z.string().default(''),
});

export const eventOf = (row: Row): HistoryEvent => {
  const { pk, sk, before, after, lists, cut, ...rest } = eventRow.parse(row);
  const delta = { ...(before ? { before } : {}), ...(after ? { after } : {}), ...(lists ? { lists } : {}), ...(cut ? { cut } : {}) };
  return { ...rest, id: sk, resourceId: pk, delta };
};
