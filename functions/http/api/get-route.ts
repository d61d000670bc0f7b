import { readerOf } from '../../../core/identity/access.ts';
import { getResource, listStubs } from '../../../core/inventory/read.ts';
import type { ResourceType } from '../../../core/inventory/schemas.ts';
import { defineRoute, type Route } from '../route.ts';
import { listBody, listShape } from './common-body.ts';
import { asOfQuery, showAsOf } from './history/as-of.ts';
import { oneOf } from './nouns.ts';
import type { ResourceKind } from './resource-kind.ts';

/** `GET /{resources}/{id}`, also as of a time; removed ones answer `inactive: true`. */
export const getRoute = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'GET',
    path: `${kind.path}/{id}`,
    function: 'api',
    permission: kind.read,
    summary: `Show ${oneOf(kind.noun)}`,
    query: asOfQuery,
    response: kind.body,
    status: 200,
    async handler({ principal, params, query }, ports) {
      const { id = '' } = params;
      const reader = readerOf(principal);
      if (query.as_of !== undefined) return showAsOf(kind, ports, { reader, id, asOf: query.as_of });
      return kind.represent(await getResource(ports.rows, reader, { type: kind.type, id }), ports);
    },
  });

/** `GET /{resources}` of types that stand in one list. */
export const listRoute = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'GET',
    path: kind.path,
    function: 'api',
    permission: kind.read,
    summary: `List every ${kind.noun}`,
    response: listShape(kind.listKey),
    status: 200,
    handler: async ({ page }, { rows }) => listBody(kind.listKey, await listStubs(rows, { type: kind.type, scope: 'all' }, page)),
  });

/** A list below another resource, such as the storage pools of a storage system. */
export const childListRoute = <P extends ResourceType, T extends ResourceType>(
  parent: ResourceKind<P>,
  child: ResourceKind<T>,
  segment: string,
): Route =>
  defineRoute({
    method: 'GET',
    path: `${parent.path}/{id}/${segment}`,
    function: 'api',
    permission: child.read,
    summary: `List every ${child.noun} of ${oneOf(parent.noun)}`,
    response: listShape(child.listKey),
    status: 200,
    async handler({ principal, params, page }, { rows }) {
      const { id = '' } = params;
      await getResource(rows, readerOf(principal), { type: parent.type, id });
      return listBody(child.listKey, await listStubs(rows, { type: child.type, scope: id }, page));
    },
  });
