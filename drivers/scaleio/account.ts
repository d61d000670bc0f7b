import * as z from 'zod';
import type { ArrayAccount } from '../sdk/model.ts';
import type { Gateway } from './gateway.ts';
import { unlessRefused } from './refusal.ts';
import { has } from './releases.ts';
import { signOnUsersWire, userWire } from './wire-session.ts';

/** Roles that may configure storage, or less; whatever else there is may more, such as manage users. */
const sufficientRoles: readonly string[] = ['Configure', 'FrontendConfigure', 'Monitor', 'StorageAdmin'];

const ownRole = async (gateway: Gateway, username: string): Promise<string | undefined> => {
  const users = await unlessRefused(gateway.get(z.array(userWire), `/api/instances/System::${gateway.system.id}/relationships/User`), []);
  return users.find(({ name }) => name === username)?.userRole ?? undefined;
};

/** Since 4.0 users are another service's, with a single sign-on. */
const signOnRole = async (gateway: Gateway, username: string): Promise<string | undefined> => {
  if (!has(gateway.version, 'users of a single sign-on')) return undefined;
  const filter = encodeURIComponent(`username eq "${username}"`);
  const answer = await unlessRefused(gateway.get(signOnUsersWire, `/rest/v1/users?filter=${filter}`), { users: [] });
  return answer.users.find((user) => user.username === username)?.permission?.role ?? undefined;
};

/** The account by its name; undefined for one of a directory, or where the array does not tell. One or two calls in a session. */
export const readAccount = (gateway: Gateway, username: string): Promise<ArrayAccount | undefined> =>
  gateway.facts.once('account', async () => {
    const role = (await ownRole(gateway, username)) ?? (await signOnRole(gateway, username));
    return role === undefined ? undefined : { role, moreThanNeeded: !sufficientRoles.includes(role) };
  });

export const accountWarnings = (account: ArrayAccount | undefined): readonly string[] =>
  account?.moreThanNeeded
    ? [`the account's role ${account.role} may do more than is needed; a role that configures storage, such as Configure, is enough`]
    : [];
