import * as z from 'zod';
import { mayCall } from '../../core/identity/access.ts';
import type { ApiPorts, RequestContext } from '../../core/request.ts';
import type { Route } from '../../functions/http/route.ts';
import { asked } from './block-world.ts';

export interface RouteCall {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly query?: unknown;
  readonly request?: Partial<RequestContext>;
}

/** Calls a route as the endpoint does once it knows the caller: parsed by its schemas, and answering by them too. */
export const callRoute = async (route: Route, ports: ApiPorts, call: RouteCall = {}): Promise<Record<string, unknown>> => {
  const request = asked(call.request);
  if (!mayCall(request.principal, route.permission)) throw new Error('access.denied');
  const body = (route.body ?? z.strictObject({})).parse(call.body ?? {});
  const query = (route.query ?? z.strictObject({})).parse(call.query ?? {});
  const answer = await route.run({ ...request, params: call.params ?? {}, body, query, page: {}, headers: {} }, ports);
  return (request.dryRun ? answer : route.response.parse(answer)) as Record<string, unknown>;
};

export const findRoute = (routes: readonly Route[], method: Route['method'], path: string): Route => {
  const route = routes.find((one) => one.method === method && one.path === path);
  if (!route) throw new Error(`there is no route ${method} ${path}`);
  return route;
};
