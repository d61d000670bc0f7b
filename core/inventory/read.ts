import type { Row } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import type { Rows } from '../ports.ts';
import { parseUrn } from '../urn.ts';
import { listPk, tagPk } from './listings.ts';
import { requireIdOf } from './require-id.ts';
import { fromRow, resourceKey } from './resource.ts';
import { type ResourceOf, type ResourceType, schemas } from './schemas.ts';

/**
 * Whose resources may be read. A tenant's reader sees its own tenant's and those of no tenant; `system` sees all. What a reader may not
 * see does not exist.
 */
export type Reader = { readonly tenantId: string } | 'system';

export const isVisible = (reader: Reader, row: Row): boolean =>
  reader === 'system' || row['tenantId'] === undefined || row['tenantId'] === reader.tenantId;

const parse = <T extends ResourceType>(type: T, row: Row): ResourceOf<T> => fromRow(schemas[type], row) as ResourceOf<T>;

export interface Reference<T extends ResourceType> {
  readonly type: T;
  readonly id: string;
}

/** Undefined when there is none, it is of another type, or the reader may not see it. Removed ones are returned, `inactive`. */
export const findResource = async <T extends ResourceType>(
  rows: Rows,
  reader: Reader,
  { type, id }: Reference<T>,
): Promise<ResourceOf<T> | undefined> => {
  if (parseUrn(id)?.type !== type) return undefined;
  const row = await rows.get('Inventory', resourceKey(id));
  return row && isVisible(reader, row) ? parse(type, row) : undefined;
};

/** For an id in a path. */
export const getResource = async <T extends ResourceType>(
  rows: Rows,
  reader: Reader,
  { type, id }: Reference<T>,
): Promise<ResourceOf<T>> => {
  requireIdOf(type, id);
  const resource = await findResource(rows, reader, { type, id });
  if (!resource) throw new ControlPlaneError(`there is no ${type} ${id}`, { code: 'resource.notFound' });
  return resource;
};

/** For an id in a path of something that is to be changed: a removed one is an error. */
export const getActive = async <T extends ResourceType>(rows: Rows, reader: Reader, { type, id }: Reference<T>): Promise<ResourceOf<T>> => {
  const resource = await getResource(rows, reader, { type, id });
  if (resource.inactive) throw new ControlPlaneError(`the ${type} ${resource.name} (${id}) was removed`, { code: 'resource.inactive' });
  return resource;
};

/** For an id in a body or query: `field` is named in the error. */
export const getReferred = async <T extends ResourceType>(
  rows: Rows,
  reader: Reader,
  reference: Reference<T> & { readonly field: string },
): Promise<ResourceOf<T>> => {
  const { type, id, field } = reference;
  if (parseUrn(id)?.type !== type)
    throw new ControlPlaneError(`${field}: ${JSON.stringify(id)} is not the id of a ${type} (urn:storageos:${type}:<uuid>:…)`, {
      code: 'request.parameterInvalid',
    });
  const resource = await findResource(rows, reader, { type, id });
  if (!resource) throw new ControlPlaneError(`${field}: there is no ${type} ${id}`, { code: 'resource.referenceNotFound' });
  if (resource.inactive)
    throw new ControlPlaneError(`${field}: the ${type} ${resource.name} (${id}) was removed`, { code: 'resource.referenceInactive' });
  return resource;
};

/** Those of the ids that exist and may be seen, in their order. */
export const getMany = async <T extends ResourceType>(
  rows: Rows,
  reader: Reader,
  reference: { type: T; ids: readonly string[] },
): Promise<ResourceOf<T>[]> => {
  const found = await rows.getMany('Inventory', reference.ids.map(resourceKey));
  return found.flatMap((row) => (row && isVisible(reader, row) ? [parse(reference.type, row)] : []));
};

export interface Stub {
  readonly id: string;
  readonly name: string;
}

export interface StubPage {
  readonly stubs: readonly Stub[];
  readonly cursor?: string;
}

export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const stub = (row: Row): Stub => ({ id: String(row['id']), name: String(row['name']) });

const largestList = 10_000;

const collect = async (rows: Rows, query: { pk: string; skPrefix?: string }, page: PageRequest): Promise<StubPage> => {
  const stubs: Stub[] = [];
  let { cursor } = page;
  do {
    const answer = await rows.query({
      table: 'Inventory',
      ...query,
      limit: Math.min(page.limit ?? 1000, 1000),
      ...(cursor ? { cursor } : {}),
    });
    stubs.push(...answer.rows.map(stub));
    cursor = answer.cursor;
  } while (cursor && page.limit === undefined && stubs.length < largestList);
  return { stubs, ...(cursor ? { cursor } : {}) };
};

/** A list as CoprHD gives it: whole, unless the caller asks for pages. `scope` is `all` or the parent's id; the caller checked it. */
export const listStubs = (
  rows: Rows,
  list: { type: ResourceType; scope: string; namePrefix?: string | undefined },
  page: PageRequest = {},
): Promise<StubPage> =>
  collect(rows, { pk: listPk(list.scope, list.type), ...(list.namePrefix ? { skPrefix: list.namePrefix.toLowerCase() } : {}) }, page);

/** Resources that carry a tag beginning with this text (at least 2 characters), blind to case. */
export const listTagged = (
  rows: Rows,
  search: { type: ResourceType; tag: string; tenantId: string | undefined },
  page: PageRequest = {},
): Promise<StubPage> => collect(rows, { pk: tagPk(search.tag, search.type, search.tenantId), skPrefix: search.tag.toLowerCase() }, page);
