import { badRequest } from './errors.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, User } from './model.ts';
import { defaultRole, roleNames } from './roles.ts';
import { SeedError } from './seed-schema.ts';
import { atLeast } from './versions.ts';

const userView = ({ system }: ArrayState, { id, name, role }: User): Json => ({
  ...{ id, name, userRole: role, systemId: system.id, passwordChangeRequired: false },
  links: linksOf('User', id, { parents: { systemId: `System::${system.id}` } }),
});

/** From 4.x on users are another service's, and the array itself has none. */
const ownUsers = (array: ArrayState): readonly User[] => (atLeast(array.version, '4.5') ? [] : [...array.users.values()]);

export const usersOnWire = (array: ArrayState): Json[] => ownUsers(array).map((user) => userView(array, user));

export const users = defineFamily<User>({
  type: 'User',
  missing: 'NOT_FOUND',
  items: ownUsers,
  find: (array, id) => ownUsers(array).find((user) => user.id === id),
  view: userView,
});

const signOnView = ({ system }: ArrayState, { id, name, role }: User): Json => ({
  ...{ id, username: name, created_timestamp: '2024-01-01T00:00:00Z', is_enabled: true, is_builtin: false, type: 'Local' },
  ...{ first_name: '', last_name: '', email_address: '' },
  permission: { role, scopes: [{ scope_id: system.id, scope_type: 'System' }] },
});

/** `GET /rest/v1/users`, all of them or those that `filter=username eq "…"` names. */
export function signOnUsers(array: ArrayState, query: URLSearchParams): Json {
  const filter = query.get('filter');
  const wanted = /^username eq "(.*)"$/.exec(filter ?? '')?.[1];
  if (filter !== null && wanted === undefined) throw badRequest(`filter (${filter}) must be of the form username eq "name"`);
  const found = [...array.users.values()].filter(({ name }) => wanted === undefined || name === wanted);
  return { users: found.map((user) => signOnView(array, user)) };
}

export interface Account {
  name: string;
  password: string;
  /** Default: the role that may configure storage and no more. */
  role?: string | undefined;
}

/** Makes the user, or gives the one of that name another password and role. Throws `SeedError` for a role that the version does not have. */
export function putUser(array: ArrayState, { name, password, role = defaultRole(array.version) }: Account): User {
  const known = roleNames(array.version);
  if (!known.includes(role)) throw new SeedError(`the role ${role} of user ${name} must be one of ${known.join(', ')}`);
  const id = [...array.users.values()].find((user) => user.name === name)?.id ?? array.newId('User');
  const user = { id, name, password, role };
  array.users.set(id, user);
  return user;
}
