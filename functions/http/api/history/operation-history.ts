import { operationHistory } from '../../../../core/history/read.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { defineRoute } from '../../route.ts';
import { eventListBody, eventListShape } from './event-body.ts';

export const route = defineRoute({
  method: 'GET',
  path: '/vdc/history/operations/{id}',
  function: 'api',
  permission: 'authenticated',
  summary: 'What an operation (op_id of its tasks) did to its resources, newest first',
  response: eventListShape,
  status: 200,
  async handler({ principal, params }, { rows }) {
    const reader = principal.systemRoles.includes('SYSTEM_AUDITOR') ? 'system' : readerOf(principal);
    return eventListBody({ events: await operationHistory(rows, reader, params['id'] ?? '') });
  },
});
