import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../driver.ts';

const isSessionHeader = (name: string): boolean => ['authorization', 'cookie'].includes(name) || /token|session/.test(name);

/** Another value of the same form. */
const turned = (text: string): string =>
  text.replace(/[^=;]{1,8}(?==*(;|$))/g, (end) => end.replace(/./g, (sign) => (sign === 'A' ? 'B' : 'A')));

const basicPrefix = /^Basic\s+/i;

const decoded = (basic: string): string => Buffer.from(basic.replace(basicPrefix, ''), 'base64').toString('utf8');

const turnedBasic = (value: string): string => {
  const [user = '', ...rest] = decoded(value).split(':');
  return `Basic ${Buffer.from(`${user}:${turned(rest.join(':'))}`).toString('base64')}`;
};

/** What in a request's headers stands for a session: whatever is not the login itself. */
export const sessionsIn = (headers: IncomingHttpHeaders, { username, password }: Credentials): ReadonlyMap<string, string> => {
  const login = `${username}:${password}`;
  const isLogin = (value: string): boolean => basicPrefix.test(value) && decoded(value) === login;
  return new Map(
    Object.entries(headers).flatMap(([name, value]) => {
      const isSession = isSessionHeader(name) && typeof value === 'string' && !isLogin(value);
      return isSession ? [[name, value] as const] : [];
    }),
  );
};

/** A session that the array never gave. */
export const noSession = (value: string): string => (basicPrefix.test(value) ? turnedBasic(value) : turned(value));
