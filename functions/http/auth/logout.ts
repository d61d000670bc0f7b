import * as z from 'zod';
import type { Key } from '../../../core/change.ts';
import { tokenReferenceIn } from '../../../core/identity/authenticate.ts';
import { forgotten, tokenPrefix, userPk } from '../../../core/identity/tokens.ts';
import type { Rows } from '../../../core/ports.ts';
import { defineRoute } from '../route.ts';
import type { AuthPorts } from './ports.ts';

const atOnce = 100;

const tokensOf = async (rows: Rows, user: string): Promise<readonly Key[]> =>
  (await rows.query({ table: 'Identity', pk: userPk(user), skPrefix: tokenPrefix, limit: atOnce })).rows;

const forgetAll = async (rows: Rows, user: string): Promise<void> => {
  for (let keys = await tokensOf(rows, user); keys.length > 0; keys = await tokensOf(rows, user)) await rows.transact(keys.map(forgotten));
};

export const route = defineRoute({
  method: 'GET',
  path: '/logout',
  function: 'auth',
  permission: 'authenticated',
  summary: 'Forget the token; with force=true every token of the user',
  query: z.strictObject({ force: z.enum(['true', 'false']).optional() }),
  response: z.object({ user: z.string() }),
  status: 200,
  async handler({ principal, headers, query }, { rows }: AuthPorts) {
    if (query.force === 'true') await forgetAll(rows, principal.user);
    else await rows.transact([forgotten(tokenReferenceIn(headers).key)]);
    return { user: principal.user };
  },
});
