import * as z from 'zod';
import { ControlPlaneError } from '../../../core/errors.ts';
import { type Principal, readerOf } from '../../../core/identity/access.ts';
import { selfLink } from '../../../core/inventory/links.ts';
import { getReferred, listStubs, listTagged, type PageRequest, type Stub, type StubPage } from '../../../core/inventory/read.ts';
import type { ResourceType } from '../../../core/inventory/schemas.ts';
import type { Rows } from '../../../core/ports.ts';
import type { ApiPorts } from '../../../core/request.ts';
import { defineRoute, type Route } from '../route.ts';
import { linkShape } from './common-body.ts';
import { idField } from './fields.ts';
import { asOfQuery, mostAsOf, storeAsOf } from './history/as-of.ts';
import { many, oneOf } from './nouns.ts';
import type { ResourceKind } from './resource-kind.ts';

const text = z.string().min(2).max(128).optional();
const searchQuery = z.strictObject({ name: text, tag: text, project: idField.optional(), tenant: idField.optional(), ...asOfQuery.shape });
type SearchQuery = z.infer<typeof searchQuery>;

interface Search {
  readonly rows: Rows;
  readonly principal: Principal;
  readonly query: SearchQuery;
  readonly page: PageRequest;
}

/** CoprHD's: a name, a name in a project, a project, a tag, a tag in a tenant. */
const checkCombination = ({ name, tag, project, tenant }: SearchQuery): void => {
  const isTag = tag !== undefined && name === undefined && project === undefined;
  const isName = tag === undefined && (name !== undefined || project !== undefined) && tenant === undefined;
  if (!isTag && !isName)
    throw new ControlPlaneError('search by name, by name and project, by project, by tag, or by tag and tenant', {
      code: 'request.invalid',
    });
};

const tenantOf = async ({ rows, principal, query }: Search): Promise<string> => {
  if (query.tenant === undefined) return principal.tenantId;
  return (await getReferred(rows, readerOf(principal), { type: 'TenantOrg', id: query.tenant, field: 'tenant' })).id;
};

const projectScopes = async ({ rows, principal, query }: Search): Promise<string[]> => {
  if (query.project !== undefined)
    return [(await getReferred(rows, readerOf(principal), { type: 'Project', id: query.project, field: 'project' })).id];
  const { stubs } = await listStubs(rows, { type: 'Project', scope: principal.tenantId });
  return stubs.map(({ id }) => id);
};

const scopesOf = async <T extends ResourceType>(kind: ResourceKind<T>, search: Search): Promise<string[]> => {
  if (kind.scope === 'project') return projectScopes(search);
  if (search.query.project !== undefined)
    throw new ControlPlaneError(`project: ${oneOf(kind.noun)} is in no project; search by name or tag`, {
      code: 'request.parameterInvalid',
    });
  return [kind.scope === 'tenant' ? search.principal.tenantId : 'all'];
};

/** Pages are of one list; a search over several projects is whole. */
const namedIn = async <T extends ResourceType>(kind: ResourceKind<T>, search: Search): Promise<StubPage> => {
  const scopes = await scopesOf(kind, search);
  const { rows, page, query } = search;
  const lists = await Promise.all(
    scopes.map((scope) => listStubs(rows, { type: kind.type, scope, namePrefix: query.name }, scopes.length === 1 ? page : {})),
  );
  const [only] = lists;
  return lists.length === 1 && only ? only : { stubs: lists.flatMap(({ stubs }) => stubs) };
};

const taggedIn = async <T extends ResourceType>(kind: ResourceKind<T>, search: Search, tag: string): Promise<StubPage> => {
  const tenantId = kind.scope === 'all' ? undefined : await tenantOf(search);
  return listTagged(search.rows, { type: kind.type, tag, tenantId }, search.page);
};

/** As of a time a search costs a read of each candidate's history: so it is of one project, and in pages. */
const searched = <T extends ResourceType>(
  ports: Pick<ApiPorts, 'rows' | 'clock'>,
  kind: ResourceKind<T>,
  { query, page }: Pick<Search, 'query' | 'page'>,
): Pick<Search, 'rows' | 'page'> => {
  if (query.as_of === undefined) return { rows: ports.rows, page };
  if (kind.scope !== 'project' || query.project === undefined)
    throw new ControlPlaneError('as_of: volumes and export groups are searched as of a time, by project, or by name and project', {
      code: 'request.invalid',
    });
  return { rows: storeAsOf(ports, query.as_of), page: { ...page, limit: Math.min(page.limit ?? mostAsOf, mostAsOf) } };
};

const resultBody = ({ id, name }: Stub) => ({ id, match: name, link: selfLink(id) });

/** `GET /{resources}/search`: names and tags by their beginning, blind to case; sees the last write. In a project also as of a time. */
export const searchRoute = <T extends ResourceType>(kind: ResourceKind<T>): Route =>
  defineRoute({
    method: 'GET',
    path: `${kind.path}/search`,
    function: 'api',
    permission: kind.read,
    summary: `Find ${many(kind.noun)} by name${kind.scope === 'project' ? ', project' : ''} or tag`,
    query: searchQuery,
    response: z.object({
      resource: z.array(z.object({ id: z.string(), match: z.string(), link: linkShape })),
      next_cursor: z.string().optional(),
    }),
    status: 200,
    async handler({ principal, query, page }, { rows, clock }) {
      checkCombination(query);
      const search = { principal, query, ...searched({ rows, clock }, kind, { query, page }) };
      const { stubs, cursor } = query.tag === undefined ? await namedIn(kind, search) : await taggedIn(kind, search, query.tag);
      return { resource: stubs.map(resultBody), ...(cursor ? { next_cursor: cursor } : {}) };
    },
  });
