import * as z from 'zod';
import type { Key, Row } from '../change.ts';
import { parseUrn } from '../urn.ts';

/** What every resource has. `id` is its partition key; `version` counts changes; `activeTaskId` is the lock of a running workflow. */
export const resourceBase = {
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  version: z.number().int(),
  inactive: z.boolean(),
  tags: z.array(z.string()),
  activeTaskId: z.string().optional(),
};

/** Of resources that belong to a tenant. */
export const tenantBase = { ...resourceBase, tenantId: z.string() };

export type Resource = z.infer<z.ZodObject<typeof resourceBase>> & { readonly tenantId?: string | undefined };

export const resourceKey = (id: string): Key => ({ pk: id, sk: 'RESOURCE' });

/** The id is the partition key and is not stored twice. */
export const toRow = (resource: Resource): Row => {
  const { id, ...attributes } = resource;
  return { ...resourceKey(id), ...attributes };
};

export const fromRow = <S extends z.ZodType>(schema: S, row: Row): z.infer<S> => schema.parse({ ...row, id: row.pk });

export const typeOf = (resource: { readonly id: string }): string => parseUrn(resource.id)?.type ?? 'Unknown';

/** The first version of a new resource. */
export const newResource = (id: string, name: string, createdAt: string) => ({
  id,
  name,
  createdAt,
  version: 1,
  inactive: false,
  tags: [],
});
