import * as z from 'zod';
import { referenceBody, selfLink, stubBody } from '../../../core/inventory/links.ts';
import type { StubPage } from '../../../core/inventory/read.ts';
import type { Resource } from '../../../core/inventory/resource.ts';

export const linkShape = z.object({ rel: z.string(), href: z.string() });
export const referenceShape = z.object({ id: z.string(), link: linkShape });
export const stubShape = z.object({ id: z.string(), name: z.string(), link: linkShape });

/** What every representation has. Clients need `inactive` to be there. */
export const commonShape = {
  id: z.string(),
  name: z.string(),
  link: linkShape,
  creation_time: z.number().describe('Milliseconds since 1970'),
  tags: z.array(z.string()),
  inactive: z.boolean(),
  internal: z.boolean(),
};

export const commonBody = (resource: Resource) => ({
  id: resource.id,
  name: resource.name,
  link: selfLink(resource.id),
  creation_time: Date.parse(resource.createdAt),
  tags: resource.tags,
  inactive: resource.inactive,
  internal: false,
});

/** Old clients do not know pages and get none, since they do not ask for them. */
export const listShape = (key: string, entry: z.ZodType = stubShape) =>
  z.object({ [key]: z.array(entry), next_cursor: z.string().optional() });

export const listBody = (key: string, page: StubPage) => ({
  [key]: page.stubs.map(stubBody),
  ...(page.cursor ? { next_cursor: page.cursor } : {}),
});

export const referencesBody = (ids: readonly string[]) => ids.map(referenceBody);

/** ISO times as the milliseconds that CoprHD's clients read. */
export const epochMs = (iso: string | undefined): number | undefined => (iso === undefined ? undefined : Date.parse(iso));
