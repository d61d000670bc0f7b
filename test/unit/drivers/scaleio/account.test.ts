import { describe, expect, it } from 'vitest';
import { accountWarnings, readAccount } from '../../../../drivers/scaleio/account.ts';
import { arrayRefuses, fakeGateway } from '../../../support/fake-gateway.ts';

const usersOf = (role: string) => [
  { id: '1', name: 'other', userRole: 'Security' },
  { id: '2', name: 'patina', userRole: role },
];

const gatewayWith = (answers: Readonly<Record<string, unknown>>, version = '3.6') =>
  fakeGateway({
    version,
    answer: (path) => {
      const known = Object.entries(answers).find(([part]) => path.includes(part));
      if (known === undefined) throw arrayRefuses();
      return known[1];
    },
  });

describe('the account that the driver uses', () => {
  it.each([
    ['Configure', false],
    ['FrontendConfigure', false],
    ['Monitor', false],
    ['Administrator', true],
    ['Security', true],
    ['SuperUser', true],
  ])('in the role %s may do more than is needed: %s', async (role, moreThanNeeded) => {
    const { gateway } = gatewayWith({ '/relationships/User': usersOf(role) });
    const account = await readAccount(gateway, 'patina');
    expect(account).toEqual({ role, moreThanNeeded });
    expect(accountWarnings(account)).toHaveLength(moreThanNeeded ? 1 : 0);
  });

  it('is looked for in the single sign-on of 4.x when the array does not know it', async () => {
    const users = [{ username: 'patina', permission: { role: 'StorageAdmin' } }];
    const { gateway, calls } = gatewayWith({ '/rest/v1/users': { users } }, '4.5');
    expect(await readAccount(gateway, 'patina')).toEqual({ role: 'StorageAdmin', moreThanNeeded: false });
    expect(calls[1]).toBe('/rest/v1/users?filter=username%20eq%20%22patina%22');
  });

  it('is unknown where the array does not tell, which is no failure and no warning', async () => {
    for (const version of ['2.5', '4.5']) {
      const account = await readAccount(gatewayWith({}, version).gateway, 'patina');
      expect(account).toBeUndefined();
      expect(accountWarnings(account)).toEqual([]);
    }
  });

  it('is asked for once in a session', async () => {
    const { gateway, calls } = gatewayWith({ '/relationships/User': usersOf('Configure') });
    await readAccount(gateway, 'patina');
    await readAccount(gateway, 'patina');
    expect(calls).toHaveLength(1);
  });
});
