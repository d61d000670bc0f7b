import * as z from 'zod';
import { dayHistory } from '../../../../core/history/read.ts';
import { defineRoute } from '../../route.ts';
import { eventListBody, eventListShape } from './event-body.ts';

export const route = defineRoute({
  method: 'GET',
  path: '/vdc/history',
  function: 'api',
  permission: { system: ['SYSTEM_AUDITOR', 'SYSTEM_ADMIN', 'SYSTEM_MONITOR'] },
  summary: 'What happened on a day, newest first',
  query: z.strictObject({ day: z.iso.date('use a day such as 2026-03-01').describe('In UTC') }),
  response: eventListShape,
  status: 200,
  handler: async ({ query, page }, { rows }) => eventListBody(await dayHistory(rows, query.day, page)),
});
