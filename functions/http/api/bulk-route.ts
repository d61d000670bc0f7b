import * as z from 'zod';
import { ControlPlaneError } from '../../../core/errors.ts';
import { readerOf } from '../../../core/identity/access.ts';
import { getMany, listStubs } from '../../../core/inventory/read.ts';
import type { ResourceType } from '../../../core/inventory/schemas.ts';
import { isUrnOf, parseUrn } from '../../../core/urn.ts';
import { defineRoute, type Route } from '../route.ts';
import { idField } from './fields.ts';
import { many } from './nouns.ts';
import type { ResourceKind } from './resource-kind.ts';

export const bulkBody = z.strictObject({ id: z.array(idField).max(4000) });

/** Ids that cannot be ids are an error; ids of what is not there are left out. */
export const checkIds = (ids: readonly string[]): void => {
  const malformed = ids.findIndex((id) => parseUrn(id) === undefined);
  if (malformed >= 0)
    throw new ControlPlaneError(`id[${malformed}]: ${JSON.stringify(ids[malformed]?.slice(0, 60))} is not an id (urn:storageos:…)`, {
      code: 'request.parameterInvalid',
    });
};

/** `POST /{resources}/bulk`: what exists and may be seen of the ids. */
export const bulkRoute = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'POST',
    path: `${kind.path}/bulk`,
    function: 'api',
    permission: kind.read,
    summary: `Show up to 4,000 ${many(kind.noun)} at once`,
    body: bulkBody,
    response: z.object({ [kind.listKey]: z.array(kind.body) }),
    status: 200,
    async handler({ principal, body }, ports) {
      checkIds(body.id);
      const ids = [...new Set(body.id)].filter((id) => isUrnOf(kind.type, id));
      const found = await getMany(ports.rows, readerOf(principal), { type: kind.type, ids });
      return { [kind.listKey]: await Promise.all(found.map((resource) => kind.represent(resource, ports))) };
    },
  });

/** `GET /{resources}/bulk`: every id, of types that stand in one list. */
export const bulkIdsRoute = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'GET',
    path: `${kind.path}/bulk`,
    function: 'api',
    permission: kind.read,
    summary: `The id of every ${kind.noun}`,
    response: z.object({ id: z.array(z.string()), next_cursor: z.string().optional() }),
    status: 200,
    async handler({ page }, { rows }) {
      const { stubs, cursor } = await listStubs(rows, { type: kind.type, scope: 'all' }, page);
      return { id: stubs.map(({ id }) => id), ...(cursor ? { next_cursor: cursor } : {}) };
    },
  });
