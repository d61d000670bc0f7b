import { describe, expect, it } from 'vitest';
import { authenticate, tokenIn } from '../../../../core/identity/authenticate.ts';
import { newToken, parseToken, tokenText, userKey } from '../../../../core/identity/tokens.ts';
import { startedAt, tenantAdmin } from '../../../support/block-world.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

const text = tokenText('tina', 'x'.repeat(43));
const headers = { 'x-sds-auth-token': text };
const silent = () => undefined;

/** Somebody logged in; it is so many minutes later. */
const later = (minutes: number) => {
  const rows = new MemoryRows();
  const reference = parseToken(text);
  const write = reference && newToken(reference, Date.parse(startedAt) / 1000);
  if (write?.do !== 'put') throw new Error('not a put');
  rows.seed('Identity', [{ ...userKey('tina'), ...tenantAdmin }, write.row]);
  const warnings: string[] = [];
  const log = { info: silent, error: silent, warn: (message: string) => void warnings.push(message) };
  return { rows, warnings, log, clock: { now: () => Date.parse(startedAt) + minutes * 60_000 } };
};

describe('who calls', () => {
  it('is known although the last use of the token cannot be written, and that is logged', async () => {
    const ports = later(11);
    ports.rows.transact = () => Promise.reject(new Error('no capacity left'));
    expect(await authenticate(ports, headers)).toEqual(tenantAdmin);
    expect(ports.warnings).toEqual(['the last use of a token was not written']);
  });

  it('is nobody any more once the user or the token is gone', async () => {
    const ports = later(0);
    for (const { pk, sk } of ports.rows.all('Identity')) {
      const rows = new MemoryRows();
      rows.seed(
        'Identity',
        ports.rows.all('Identity').filter((row) => row.pk !== pk || row.sk !== sk),
      );
      await expect(authenticate({ ...ports, rows }, headers)).rejects.toMatchObject({ code: 'auth.refused' });
    }
  });

  it('is told by the header first, then by the cookie, then by the bearer token', () => {
    const cookie = `other=1; X-SDS-AUTH-TOKEN=from-cookie`;
    const authorization = 'Bearer from-bearer';
    expect(tokenIn({ 'x-sds-auth-token': 'from-header', cookie, authorization })).toBe('from-header');
    expect(tokenIn({ cookie, authorization })).toBe('from-cookie');
    expect(tokenIn({ cookie: 'other=1', authorization })).toBe('from-bearer');
    expect(tokenIn({ authorization: 'Basic eDp5' })).toBeUndefined();
  });
});
