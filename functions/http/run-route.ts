import * as z from 'zod';
import { ControlPlaneError } from '../../core/errors.ts';
import { mayCall, type Permission, type Principal } from '../../core/identity/access.ts';
import { authenticate } from '../../core/identity/authenticate.ts';
import { HeadedAnswer } from './answer.ts';
import type { EndpointPorts } from './endpoint-ports.ts';
import { headersOf } from './headers.ts';
import { idempotencyOf, storedAnswer } from './idempotency.ts';
import { jsonResponse } from './json-response.ts';
import { parseBody } from './parse-body.ts';
import { parseQuery } from './parse-query.ts';
import { parseWith } from './parse-with.ts';
import type { HandlerRequest, Route } from './route.ts';

export interface Exchange<Ports> {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly correlationId: string;
  readonly ports: Ports;
}

const nobody: Principal = { user: 'nobody', tenantId: '', systemRoles: [], tenantRoles: [] };

const rolesOf = (permission: Exclude<Permission, string>): string =>
  [...(permission.system ?? []), ...(permission.tenant ?? [])].join(', ');

const admit = async (request: Request, route: Pick<Route, 'permission'>, ports: EndpointPorts): Promise<Principal> => {
  const { permission } = route;
  if (permission === 'public') return nobody;
  const principal = await authenticate(ports, headersOf(request));
  if (mayCall(principal, permission)) return principal;
  const roles = typeof permission === 'string' ? permission : rolesOf(permission);
  throw new ControlPlaneError(`${principal.user} may not do this; it needs one of the roles ${roles}`, { code: 'access.denied' });
};

const bodyOf = async (request: Request, route: Pick<Route, 'method' | 'body'>): Promise<unknown> =>
  route.method === 'GET' ? {} : parseWith(route.body ?? z.strictObject({}), await parseBody(request), 'field');

const handlerRequest = async (
  route: Omit<Route, 'run'>,
  exchange: Exchange<EndpointPorts>,
  principal: Principal,
): Promise<HandlerRequest<unknown, unknown>> => {
  const { request, params, correlationId } = exchange;
  const { dryRun, page, query } = parseQuery(request, route.query);
  const body = await bodyOf(request, route);
  const idempotency = dryRun || route.method !== 'POST' ? undefined : idempotencyOf(request, principal, { body });
  return {
    principal,
    correlationId,
    dryRun,
    page,
    query,
    params,
    body,
    headers: headersOf(request),
    ...(idempotency ? { idempotency } : {}),
  };
};

/** A request that was answered before, or is being answered by another run just now, gets that answer. */
const answerOnce = async <Ports extends EndpointPorts>(
  route: Route<Ports>,
  request: HandlerRequest<unknown, unknown>,
  ports: Ports,
): Promise<unknown> => {
  const { idempotency } = request;
  if (!idempotency) return route.run(request, ports);
  const stored = await storedAnswer(ports.rows, idempotency);
  if (stored !== undefined) return stored;
  try {
    return await route.run(request, ports);
  } catch (error) {
    const meanwhile = await storedAnswer(ports.rows, idempotency);
    if (meanwhile === undefined) throw error;
    return meanwhile;
  }
};

/** The way of every request: who, whether, what, whether it was answered before, then the handler. */
export const runRoute = async <Ports extends EndpointPorts>(route: Route<Ports>, exchange: Exchange<Ports>): Promise<Response> => {
  const { request, ports } = exchange;
  const principal = await admit(request, route, ports);
  const parsed = await handlerRequest(route, exchange, principal);
  const answer = await answerOnce(route, parsed, ports);
  const status = parsed.dryRun ? 200 : route.status;
  if (answer instanceof HeadedAnswer) return jsonResponse(request, { status, body: answer.body, headers: answer.headers });
  return jsonResponse(request, { status, body: answer });
};
