import { basicLogin, type Credentials, restLogin, restLogout, tokenOf } from './auth.ts';
import { unauthorized, unknownResource } from './errors.ts';
import { everything, familyOf } from './families.ts';
import type { Json } from './json.ts';
import { runLegacyQuery } from './legacy-queries.ts';
import { requireMaster } from './mdm.ts';
import type { ArrayState } from './model.ts';
import type { Route } from './routes.ts';
import type { Sessions } from './sessions.ts';
import { settle } from './settle.ts';
import { runTypeQuery } from './type-queries.ts';
import { atLeast } from './versions.ts';

export interface Gateway {
  array: ArrayState;
  sessions: Sessions;
  credentials: Credentials;
}

export interface Request {
  route: Route;
  authorization: string | undefined;
  body: Json;
}

export interface Answer {
  status: number;
  /** Undefined = no body. */
  body: unknown;
}

const ok = (body: unknown): Answer => ({ status: 200, body });

function answerObject(array: ArrayState, route: Route, body: Json): unknown {
  switch (route.kind) {
    case 'version':
      return array.version;
    case 'everything':
      return everything(array);
    case 'list':
      return familyOf(array, route.type).list(array);
    case 'create':
      return familyOf(array, route.type).create(array, body);
    case 'read':
      return familyOf(array, route.type).read(array, route.id);
    case 'relationship':
      return familyOf(array, route.type).relate(array, route);
    case 'action':
      return familyOf(array, route.type).act(array, { id: route.id ?? array.system.id, verb: route.verb }, body);
    case 'typeQuery':
      return runTypeQuery(array, route, body);
    case 'legacyQuery':
      return runLegacyQuery(array, route);
    default:
      throw unknownResource(route.kind);
  }
}

function answerRest({ array, ...context }: Gateway, route: Route, body: Json): Answer {
  if (!atLeast(array.version, '4.5')) throw unknownResource('/rest/auth');
  if (route.kind === 'restLogin') return ok(restLogin(context, body));
  restLogout(context.sessions, body);
  return { status: 204, body: undefined };
}

/** Throws `GatewayError` for every answer that is not a success. */
export function answer(gateway: Gateway, { route, authorization, body }: Request): Answer {
  settle(gateway.array);
  if (route.kind === 'login') return ok(basicLogin(gateway, authorization));
  if (route.kind === 'restLogin' || route.kind === 'restLogout') return answerRest(gateway, route, body);
  const token = tokenOf(authorization, gateway.array.version);
  if (token === undefined || !gateway.sessions.isOpen(token)) throw unauthorized();
  if (route.kind === 'logout') {
    gateway.sessions.close(token);
    return ok({});
  }
  requireMaster(gateway.array);
  const result = answerObject(gateway.array, route, body);
  settle(gateway.array);
  return ok(result);
}
