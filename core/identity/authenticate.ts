import { ControlPlaneError } from '../errors.ts';
import type { Clock, Log, Rows } from '../ports.ts';
import type { Principal } from './access.ts';
import { isLive, needsTouch, parseToken, type TokenReference, touched, userKey } from './tokens.ts';
import { principalOf } from './users.ts';

export interface IdentityPorts {
  readonly rows: Rows;
  readonly clock: Clock;
  readonly log: Log;
}

/** Names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

export const tokenHeader = 'X-SDS-AUTH-TOKEN';

const fromCookie = (cookies: string | undefined): string | undefined =>
  cookies
    ?.split(';')
    .map((cookie) => cookie.trim())
    .find((cookie) => cookie.startsWith(`${tokenHeader}=`))
    ?.slice(tokenHeader.length + 1);

const fromBearer = (authorization: string | undefined): string | undefined => /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];

/** The token's text, wherever the client put it. */
export const tokenIn = (headers: RequestHeaders): string | undefined =>
  headers[tokenHeader.toLowerCase()] ?? fromCookie(headers['cookie']) ?? fromBearer(headers['authorization']);

const refused = (): ControlPlaneError =>
  new ControlPlaneError('the token is not valid or has expired; log in again with GET /login', { code: 'auth.refused' });

export const tokenReferenceIn = (headers: RequestHeaders): TokenReference => {
  const text = tokenIn(headers);
  if (text === undefined)
    throw new ControlPlaneError(`there is no token; log in with GET /login and send its ${tokenHeader} header`, { code: 'auth.required' });
  const reference = parseToken(text);
  if (reference === undefined) throw refused();
  return reference;
};

const touch = async ({ rows, log }: IdentityPorts, token: Parameters<typeof touched>[0], nowSeconds: number): Promise<void> => {
  try {
    await rows.transact([touched(token, nowSeconds)]);
  } catch (error) {
    log.warn('the last use of a token was not written', { error });
  }
};

/** Who calls, by one consistent read of the token and its user: logout, expiry and roles hold from the next request. */
export const authenticate = async (ports: IdentityPorts, headers: RequestHeaders): Promise<Principal> => {
  const { user, key } = tokenReferenceIn(headers);
  const [token, owner] = await ports.rows.getMany('Identity', [key, userKey(user)]);
  const nowSeconds = Math.floor(ports.clock.now() / 1000);
  if (!token || !owner || !isLive(token, nowSeconds)) throw refused();
  if (needsTouch(token, nowSeconds)) await touch(ports, token, nowSeconds);
  return principalOf(owner);
};
