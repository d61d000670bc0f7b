import * as z from 'zod';
import type { ListChange } from '../../../../core/history/delta.ts';
import type { HistoryEvent } from '../../../../core/history/event.ts';
import type { EventPage } from '../../../../core/history/read.ts';
import { installationKey } from '../../../../core/identity/installation.ts';
import { referenceBody } from '../../../../core/inventory/links.ts';
import { referenceShape } from '../common-body.ts';

const fields = z.record(z.string(), z.unknown());

export const eventListShape = z.object({
  event: z.array(
    z.object({
      id: z.string(),
      time: z.string(),
      actor: z.string(),
      operation: z.string().optional(),
      kind: z.enum(['created', 'changed', 'removed']),
      resource: referenceShape,
      before: fields.describe('Fields that changed; of lists the entries that went'),
      after: fields.describe('The same fields afterwards; of lists the entries that came, or how many. Null: not there'),
      incomplete: z.boolean().optional().describe('The change was too large to be kept whole'),
    }),
  ),
  next_cursor: z.string().optional(),
});

/** Of the record's own keeping: index keys, digests, and where secrets are found. */
const inner = ['secretName', 'digest', 'duePk', 'dueSk'];

const shown = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !inner.includes(name)));

const ofLists = (lists: Readonly<Record<string, ListChange>>, side: 'removed' | 'added'): Record<string, unknown> =>
  Object.fromEntries(Object.entries(lists).map(([name, change]) => [name, change[side]]));

const resourceBody = (id: string) => (id === installationKey.pk ? { id, link: { rel: 'self', href: '/vdc' } } : referenceBody(id));

const eventBody = ({ id, at, actor, operationId, kind, resourceId, delta }: HistoryEvent) => ({
  id,
  time: at,
  actor,
  ...(operationId ? { operation: operationId } : {}),
  kind,
  resource: resourceBody(resourceId),
  before: shown({ ...delta.before, ...ofLists(delta.lists ?? {}, 'removed') }),
  after: shown({ ...delta.after, ...ofLists(delta.lists ?? {}, 'added') }),
  ...(delta.cut ? { incomplete: true } : {}),
});

export const eventListBody = ({ events, cursor }: EventPage): z.infer<typeof eventListShape> => ({
  event: events.map(eventBody),
  ...(cursor ? { next_cursor: cursor } : {}),
});
