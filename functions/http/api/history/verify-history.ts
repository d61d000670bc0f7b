import * as z from 'zod';
import { type Verification, verifyHistory } from '../../../../core/history/verify.ts';
import { referenceBody } from '../../../../core/inventory/links.ts';
import { defineRoute } from '../../route.ts';
import { referenceShape } from '../common-body.ts';

const time = z.iso.datetime({ offset: true, error: 'use a time such as 2026-03-01T12:00:00Z' }).transform((text) => Date.parse(text));

const differenceShape = z.object({
  what: z.enum(['eventAltered', 'eventMissing', 'eventAdded', 'sealAltered', 'sealMissing']),
  from: z.string(),
  to: z.string(),
  event: z.string().optional(),
  resource: referenceShape.optional(),
  details: z.string(),
});

const differenceBody = (difference: NonNullable<Verification['difference']>): z.infer<typeof differenceShape> => {
  const { eventId, resourceId, ...rest } = difference;
  return { ...rest, ...(eventId ? { event: eventId } : {}), ...(resourceId ? { resource: referenceBody(resourceId) } : {}) };
};

export const route = defineRoute({
  method: 'GET',
  path: '/audit/verify',
  function: 'api',
  permission: { system: ['SYSTEM_AUDITOR'] },
  summary: 'Compare the history of a period with its seals; a long period in several requests',
  query: z.strictObject({
    from: time.default(0).describe('The beginning of history, if left out; go on with next_from'),
    to: time.optional().describe('Now, if left out'),
  }),
  response: z.object({
    intact: z.boolean().describe('No difference was found in what was looked at'),
    seals: z.number(),
    events: z.number(),
    sealed_until: z.string().optional(),
    last_hash: z.string().optional().describe('Of the newest seal looked at; the log of the events function has it too'),
    first_difference: differenceShape.optional(),
    next_from: z.string().optional(),
  }),
  status: 200,
  async handler({ query }, { rows, clock }) {
    const nowMs = clock.now();
    const found = await verifyHistory(rows, { fromMs: query.from, toMs: query.to ?? nowMs, nowMs });
    return {
      intact: found.difference === undefined,
      seals: found.seals,
      events: found.events,
      ...(found.sealedUntil ? { sealed_until: found.sealedUntil, last_hash: found.lastHash } : {}),
      ...(found.difference ? { first_difference: differenceBody(found.difference) } : {}),
      ...(found.nextFrom ? { next_from: found.nextFrom } : {}),
    };
  },
});
