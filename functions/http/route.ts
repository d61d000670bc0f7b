import type * as z from 'zod';
import type { Permission } from '../../core/identity/access.ts';
import type { PageRequest } from '../../core/inventory/read.ts';
import type { ApiPorts, RequestContext } from '../../core/request.ts';

export type HttpFunction = 'api' | 'auth' | 'providers';

/** What a handler is given: everything parsed, the caller known and admitted. */
export interface HandlerRequest<Body, Query> extends RequestContext {
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly query: Query;
  /** `limit` and `cursor`. */
  readonly page: PageRequest;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface RouteSpec<Body extends z.ZodType, Query extends z.ZodType, Ports> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{name}` for parameters, as in `/block/volumes/{id}`. */
  readonly path: string;
  readonly function: HttpFunction;
  readonly permission: Permission;
  /** How a public route is told who calls, where it is not by a token. */
  readonly credentials?: 'basic';
  /** One line for the API's documentation. */
  readonly summary: string;
  /** A strict object; unknown fields are refused by name. `null` in a body counts as absent. */
  readonly body?: Body;
  /** Beside `dry_run`, `limit` and `cursor`, which are understood everywhere. */
  readonly query?: Query;
  readonly response: z.ZodType;
  /** CoprHD's clients take 200 and 202 for success, nothing else. */
  readonly status: 200 | 202;
  handler(request: HandlerRequest<z.infer<Body>, z.infer<Query>>, ports: Ports): Promise<unknown>;
}

/** A route whose types are erased, so that routes of all kinds fit one list. */
export interface Route<Ports = ApiPorts> extends Omit<RouteSpec<z.ZodType, z.ZodType, Ports>, 'handler'> {
  /** `body` and `query` have been parsed with the route's schemas. */
  run(request: HandlerRequest<unknown, unknown>, ports: Ports): Promise<unknown>;
}

/** Declares a route: all that the API, its documents and its tests need to know of it. */
export const defineRoute = <Body extends z.ZodType, Query extends z.ZodType, Ports = ApiPorts>(
  spec: RouteSpec<Body, Query, Ports>,
): Route<Ports> => {
  const { handler, ...rest } = spec;
  return { ...rest, run: (request, ports) => handler(request as HandlerRequest<z.infer<Body>, z.infer<Query>>, ports) };
};
