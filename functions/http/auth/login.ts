import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { ControlPlaneError } from '../../../core/errors.ts';
import { tokenHeader } from '../../../core/identity/authenticate.ts';
import { bootstrapWrites, readInstallation } from '../../../core/identity/installation.ts';
import { beginAttempt, countFailure } from '../../../core/identity/login-attempts.ts';
import { newToken, parseToken, tokenLifeSeconds, tokenText } from '../../../core/identity/tokens.ts';
import { rootUser } from '../../../core/identity/users.ts';
import { HeadedAnswer } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { type BasicCredentials, basicCredentials } from './basic-credentials.ts';
import type { AuthPorts } from './ports.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes as long for a wrong user as for a wrong password. */
const checkPassword = async ({ user, password }: BasicCredentials, ports: AuthPorts): Promise<void> => {
  const attempts = await beginAttempt(ports, user);
  const isRight = timingSafeEqual(digest(password), digest(await ports.rootPassword()));
  if (isRight && user === rootUser) return;
  await countFailure(ports, attempts);
  throw new ControlPlaneError('the user name or the password is wrong', { code: 'auth.refused' });
};

/** The first login makes the installation; of two at once one makes it and the other finds it. */
const ensureInstallation = async (ports: AuthPorts): Promise<void> => {
  if (await readInstallation(ports.rows)) return;
  try {
    await ports.rows.transact(bootstrapWrites(ports).writes);
  } catch (error) {
    if (!(await readInstallation(ports.rows))) throw error;
  }
};

const issueToken = async (user: string, ports: AuthPorts): Promise<string> => {
  const text = tokenText(user, ports.ids.secret());
  const reference = parseToken(text);
  if (!reference) throw new Error('a token was made that cannot be read');
  await ports.rows.transact([newToken(reference, Math.floor(ports.clock.now() / 1000))]);
  return text;
};

const cookieOf = (token: string): string =>
  `${tokenHeader}=${token}; Path=/; Max-Age=${tokenLifeSeconds}; Secure; HttpOnly; SameSite=Strict`;

/** Also how clients learn that they must log in: without credentials the answer is 401 with a challenge. */
export const route = defineRoute({
  method: 'GET',
  path: '/login',
  function: 'auth',
  permission: 'public',
  credentials: 'basic',
  summary: `Log in with HTTP Basic; the token comes back in the header ${tokenHeader}`,
  query: z.strictObject({ 'using-cookies': z.string().optional().describe('Also set the token as a cookie') }),
  response: z.object({ user: z.string() }),
  status: 200,
  async handler({ headers, query }, ports: AuthPorts) {
    const credentials = basicCredentials(headers['authorization']);
    if (!credentials) throw new ControlPlaneError('log in with HTTP Basic: user name and password', { code: 'auth.required' });
    await checkPassword(credentials, ports);
    await ensureInstallation(ports);
    const token = await issueToken(credentials.user, ports);
    const wantsCookie = (query['using-cookies'] ?? 'false') !== 'false';
    return new HeadedAnswer(
      { user: credentials.user },
      { [tokenHeader]: token, ...(wantsCookie ? { 'Set-Cookie': cookieOf(token) } : {}) },
    );
  },
});
