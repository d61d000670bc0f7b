import { createHash } from 'node:crypto';
import type { Key, Row, Write } from '../change.ts';
import { absent, present } from '../change.ts';

/**
 * A token is known by its hash alone. Its text carries the user, so that the token and the user are read together: what an administrator
 * or a logout changes holds from the next request.
 */

export const tokenLifeSeconds = 8 * 3600;
export const tokenIdleSeconds = 2 * 3600;
/** A use is written down at most this often. */
const touchEverySeconds = 600;

export const tokenPrefix = 'TOKEN#';
export const userPk = (user: string): string => `USER#${user}`;
export const userKey = (user: string): Key => ({ pk: userPk(user), sk: 'USER' });

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export const tokenText = (user: string, secret: string): string => `${Buffer.from(user).toString('base64url')}.${secret}`;

export interface TokenReference {
  readonly user: string;
  readonly key: Key;
}

/** Undefined when the text can be no token of ours. */
export const parseToken = (text: string): TokenReference | undefined => {
  const [encoded, user] = /^([\w-]{1,400})\.[\w-]{20,200}$/.exec(text) ?? [];
  if (encoded === undefined || user === undefined) return undefined;
  const name = Buffer.from(user, 'base64url').toString();
  return { user: name, key: { pk: userPk(name), sk: `${tokenPrefix}${hashOf(text)}` } };
};

const isoOf = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString();
const secondsOf = (at: unknown): number => Math.floor(Date.parse(String(at)) / 1000);

const expiry = (createdSeconds: number, usedSeconds: number): number =>
  Math.min(createdSeconds + tokenLifeSeconds, usedSeconds + tokenIdleSeconds);

export const newToken = (token: TokenReference, nowSeconds: number): Write => ({
  do: 'put',
  table: 'Identity',
  row: {
    ...token.key,
    createdAt: isoOf(nowSeconds),
    lastUsedAt: isoOf(nowSeconds),
    expiresAtEpochSeconds: expiry(nowSeconds, nowSeconds),
  },
  when: absent,
});

export const isLive = (token: Row, nowSeconds: number): boolean => nowSeconds < Number(token['expiresAtEpochSeconds']);

export const needsTouch = (token: Row, nowSeconds: number): boolean => nowSeconds - secondsOf(token['lastUsedAt']) >= touchEverySeconds;

/** Writes these two attributes alone: callers of the API may write no other. */
export const touched = (token: Row, nowSeconds: number): Write => ({
  do: 'update',
  table: 'Identity',
  key: { pk: token.pk, sk: token.sk },
  set: { lastUsedAt: isoOf(nowSeconds), expiresAtEpochSeconds: expiry(secondsOf(token['createdAt']), nowSeconds) },
  when: present,
});

export const forgotten = (key: Key): Write => ({ do: 'delete', table: 'Identity', key: { pk: key.pk, sk: key.sk } });
