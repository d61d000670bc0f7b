import * as z from 'zod';
import type { Endpoint } from '../sdk/driver.ts';
import { DriverError } from '../sdk/errors.ts';
import { asDriverError } from '../sdk/failure.ts';
import { type HttpAnswer, type HttpsEndpoint, openHttps } from '../sdk/https.ts';
import { readAnswer } from './answer.ts';
import { type Facts, newFacts } from './facts.ts';
import { type Context, type GatewayCall, send } from './send.ts';
import { bearerWire, type SystemWire, systemWire, tokenWire, versionWire } from './wire-session.ts';

export interface Session {
  https: HttpsEndpoint;
  authorization: string;
  /** Of the management interface. */
  version: string;
  system: SystemWire;
  facts: Facts;
  logout: GatewayCall;
}

type Grant = Pick<Session, 'authorization' | 'logout'>;

const basic = (username: string, password: string): string => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const refused = (answer: HttpAnswer): DriverError =>
  new DriverError('the array refused the user name or the password', {
    outcome: 'DriverRejected',
    code: 'credentials.refused',
    nativeCode: `http-${answer.status}`,
  });

const isRefusal = ({ status }: HttpAnswer): boolean => status === 401 || status === 403;

/** Gateways that do not know the older login answer 404, or a login page. */
const knowsOnlyBearer = ({ status, body }: HttpAnswer): boolean => status === 404 || (status === 401 && !body.trimStart().startsWith('{'));

const bearerLogin = async (https: HttpsEndpoint, context: Context): Promise<Grant> => {
  const answer = await send(https, { method: 'POST', path: '/rest/auth/login', body: context.credentials, kind: 'login' }, { context });
  if (isRefusal(answer)) throw refused(answer);
  const { access_token, refresh_token } = readAnswer(answer, bearerWire);
  return {
    authorization: `Bearer ${access_token}`,
    logout: { method: 'POST', path: '/rest/auth/logout', body: { refresh_token: refresh_token ?? '' }, kind: 'login' },
  };
};

const grant = async (https: HttpsEndpoint, context: Context): Promise<Grant> => {
  const { username, password } = context.credentials;
  const login: GatewayCall = { method: 'GET', path: '/api/login', kind: 'login' };
  const answer = await send(https, login, { context, authorization: basic(username, password) });
  if (knowsOnlyBearer(answer)) return bearerLogin(https, context);
  if (isRefusal(answer)) throw refused(answer);
  return {
    authorization: basic(username, readAnswer(answer, tokenWire)),
    logout: { method: 'GET', path: '/api/logout', kind: 'login' },
  };
};

/** Best effort: a session that cannot be ended runs out by itself. */
export const logOut = async (
  { https, authorization, logout }: Pick<Session, 'https' | 'authorization' | 'logout'>,
  context: Context,
): Promise<void> => {
  await send(https, logout, { context, authorization }).catch(asDriverError);
  https.close();
};

export const readSystemCall: GatewayCall = { method: 'GET', path: '/api/types/System/instances', kind: 'login' };

/** The array behind the gateway; another one than the pinned is refused. */
export const verifiedSystem = (answer: HttpAnswer, { arrayId }: Context): SystemWire => {
  const [system] = readAnswer(answer, z.tuple([systemWire]));
  if (arrayId === undefined || arrayId === system.id) return system;
  throw new DriverError(`array ${system.id} answers where array ${arrayId} was trusted`, {
    outcome: 'DriverRejected',
    code: 'array.identityChanged',
    facts: { expectedArrayId: arrayId, foundArrayId: system.id },
  });
};

const logInAt = async (endpoint: Endpoint, context: Context): Promise<Session> => {
  const { connection, allowedCidrs } = context;
  const https = await openHttps({ endpoint, tls: connection.tls, allowedCidrs, plainHttpAllowed: false });
  const granted = await grant(https, context).catch((error: unknown) => {
    https.close();
    throw error;
  });
  const opened = { https, ...granted };
  try {
    const { authorization } = granted;
    const version = await send(https, { method: 'GET', path: '/api/version', kind: 'login' }, { context, authorization });
    const system = await send(https, readSystemCall, { context, authorization });
    return { ...opened, version: readAnswer(version, versionWire), system: verifiedSystem(system, context), facts: newFacts() };
  } catch (error) {
    await logOut(opened, context);
    throw error;
  }
};

/** At the first endpoint that can be reached. One refused login is not tried again elsewhere: it would count against the account. */
export const logIn = async (context: Context): Promise<Session> => {
  let unreachable: unknown;
  for (const endpoint of context.connection.endpoints) {
    try {
      return await logInAt(endpoint, context);
    } catch (error) {
      if (!(error instanceof DriverError) || error.code !== 'array.unreachable') throw error;
      unreachable = error;
    }
  }
  throw unreachable;
};
