import * as z from 'zod';
import { ControlPlaneError } from '../../../core/errors.ts';
import { ownTenant, readerOf } from '../../../core/identity/access.ts';
import { changed } from '../../../core/inventory/changes.ts';
import { getActive, getResource } from '../../../core/inventory/read.ts';
import type { Resource } from '../../../core/inventory/resource.ts';
import type { ResourceType } from '../../../core/inventory/schemas.ts';
import { authorOf, conclude } from '../../../core/request.ts';
import { defineRoute, type Route } from '../route.ts';
import { labelField } from './fields.ts';
import { oneOf } from './nouns.ts';
import type { ResourceKind } from './resource-kind.ts';

const mostTags = 50;
const tagList = z.array(labelField).max(mostTags).default([]);
const tagsShape = z.object({ tag: z.array(z.string()) });

const changedTags = (tags: readonly string[], change: { add: readonly string[]; remove: readonly string[] }): string[] => {
  const next = [...new Set([...tags.filter((tag) => !change.remove.includes(tag)), ...change.add])];
  if (next.length > mostTags)
    throw new ControlPlaneError(`add: there would be ${next.length} tags; a resource has at most ${mostTags}`, { code: 'request.limit' });
  return next;
};

/** What is being deleted would leave its new tags behind in searches. */
const refuseDeleting = (resource: Resource): void => {
  if (Reflect.get(resource, 'state') === 'deleting')
    throw new ControlPlaneError(`${resource.name} (${resource.id}) is being deleted`, { code: 'resource.deleting' });
};

const readTags = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'GET',
    path: `${kind.path}/{id}/tags`,
    function: 'api',
    permission: kind.read,
    summary: `Tags of ${oneOf(kind.noun)}`,
    response: tagsShape,
    status: 200,
    async handler({ principal, params }, { rows }) {
      const { id = '' } = params;
      return { tag: (await getResource(rows, readerOf(principal), { type: kind.type, id })).tags };
    },
  });

const writeTags = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'PUT',
    path: `${kind.path}/{id}/tags`,
    function: 'api',
    permission: kind.write,
    summary: `Add tags to ${oneOf(kind.noun)}, or remove some`,
    body: z.strictObject({ add: tagList, remove: tagList }),
    response: tagsShape,
    status: 200,
    async handler(request, ports) {
      const { id = '' } = request.params;
      const resource: Resource = await getActive(ports.rows, ownTenant(request.principal), { type: kind.type, id });
      refuseDeleting(resource);
      const tags = changedTags(resource.tags, request.body);
      const writes = changed(resource, { tags }, { author: authorOf(ports, request) });
      return conclude(ports, request, { writes, answer: { tag: tags }, plan: { id, tags } });
    },
  });

/** `GET` and `PUT /{resources}/{id}/tags`. */
export const tagRoutes = <T extends ResourceType>(kind: ResourceKind<T>): Route[] => [readTags(kind), writeTags(kind)];
