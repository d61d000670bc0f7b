import { resourceHistory } from '../../../../core/history/read.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import type { ResourceType } from '../../../../core/inventory/schemas.ts';
import { defineRoute, type Route } from '../../route.ts';
import { oneOf } from '../nouns.ts';
import type { ResourceKind } from '../resource-kind.ts';
import { eventListBody, eventListShape } from './event-body.ts';

/** `GET /{resources}/{id}/history`, for whoever may read the resource; also of one that is gone for good. */
export const historyRoute = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'GET',
    path: `${kind.path}/{id}/history`,
    function: 'api',
    permission: kind.read,
    summary: `What happened to ${oneOf(kind.noun)}, newest first`,
    response: eventListShape,
    status: 200,
    async handler({ principal, params, page }, { rows }) {
      const { id = '' } = params;
      return eventListBody(await resourceHistory(rows, readerOf(principal), { type: kind.type, id, page }));
    },
  });
