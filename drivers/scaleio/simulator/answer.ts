import { basicLogin, restLogin, restLogout, tokenOf } from './auth.ts';
import { unauthorized, unknownResource } from './errors.ts';
import { everything, familyOf } from './families.ts';
import type { Json } from './json.ts';
import { runLegacyQuery } from './legacy-queries.ts';
import { requireMaster } from './mdm.ts';
import type { ArrayState, User } from './model.ts';
import { requireAllowed } from './roles.ts';
import type { Route } from './routes.ts';
import type { Sessions } from './sessions.ts';
import { settle } from './settle.ts';
import { runTypeQuery } from './type-queries.ts';
import { signOnUsers } from './users.ts';
import { atLeast } from './versions.ts';

export interface Gateway {
  array: ArrayState;
  sessions: Sessions;
}

export interface Request {
  route: Route;
  authorization: string | undefined;
  body: Json;
  query: URLSearchParams;
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

function answerRest(gateway: Gateway, route: Route, body: Json): Answer {
  if (!atLeast(gateway.array.version, '4.5')) throw unknownResource('/rest/auth');
  if (route.kind === 'restLogin') return ok(restLogin(gateway, body));
  restLogout(gateway.sessions, body);
  return { status: 204, body: undefined };
}

interface Caller {
  token: string;
  user: User;
}

function callerOf({ array, sessions }: Gateway, authorization: string | undefined): Caller {
  const token = tokenOf(authorization, array.version) ?? '';
  const user = array.users.get(sessions.userIdOf(token) ?? '');
  if (user === undefined) throw unauthorized();
  return { token, user };
}

function answerSignOnUsers({ array }: Gateway, query: URLSearchParams): Answer {
  if (!atLeast(array.version, '4.5')) throw unknownResource('/rest/v1/users');
  return ok(signOnUsers(array, query));
}

/** Throws `GatewayError` for every answer that is not a success. */
export function answer(gateway: Gateway, { route, authorization, body, query }: Request): Answer {
  settle(gateway.array);
  if (route.kind === 'login') return ok(basicLogin(gateway, authorization));
  if (route.kind === 'restLogin' || route.kind === 'restLogout') return answerRest(gateway, route, body);
  const { token, user } = callerOf(gateway, authorization);
  if (route.kind === 'logout') {
    gateway.sessions.close(token);
    return ok({});
  }
  if (route.kind === 'signOnUsers') return answerSignOnUsers(gateway, query);
  requireAllowed(gateway.array.version, user, route);
  requireMaster(gateway.array);
  const result = answerObject(gateway.array, route, body);
  settle(gateway.array);
  return ok(result);
}
