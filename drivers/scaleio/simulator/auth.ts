import { text } from './body.ts';
import { unauthorized } from './errors.ts';
import type { Json } from './json.ts';
import type { ArrayState } from './model.ts';
import type { Sessions } from './sessions.ts';
import { type ApiVersion, atLeast } from './versions.ts';

interface Credentials {
  user: string;
  password: string;
}

function basic(authorization: string | undefined): Credentials | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** The token is the Basic password, whatever the user; from 4.x on it may also come as Bearer. */
export function tokenOf(authorization: string | undefined, version: ApiVersion): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (bearer !== undefined) return atLeast(version, '4.5') ? bearer : undefined;
  return basic(authorization)?.password;
}

export interface LoginContext {
  sessions: Sessions;
  array: Pick<ArrayState, 'users'>;
}

function open({ sessions, array }: LoginContext, given: Credentials | undefined): string {
  const user = [...array.users.values()].find(({ name, password }) => name === given?.user && password === given.password);
  if (user === undefined) throw unauthorized();
  return sessions.open(user);
}

/** `GET /api/login`: the token, as a JSON string. */
export const basicLogin = (context: LoginContext, authorization: string | undefined) => open(context, basic(authorization));

/** `POST /rest/auth/login` of 4.x. Its tokens are tokens of the older login, too. */
export function restLogin(context: LoginContext, body: Json): Json {
  const given = { user: text(body, 'username') ?? '', password: text(body, 'password') ?? '' };
  const token = open(context, given);
  return {
    scope: 'openid profile email',
    access_token: token,
    expires_in: 28800,
    refresh_expires_in: 28800,
    refresh_token: `refresh.${token}`,
    token_type: 'Bearer',
    id_token: `id.${token}`,
  };
}

/** Ends the session that the refresh token came with. */
export function restLogout(sessions: Sessions, body: Json): void {
  const token = text(body, 'refresh_token');
  if (token !== undefined) sessions.close(token.replace(/^refresh\./, ''));
}
