import * as z from 'zod';
import type { Row, Write } from '../change.ts';
import { absent } from '../change.ts';
import { type Principal, systemRoles, tenantRoles } from './access.ts';
import { userKey } from './tokens.ts';

const userSchema = z.object({
  user: z.string(),
  tenantId: z.string(),
  systemRoles: z.array(z.enum(systemRoles)),
  tenantRoles: z.array(z.enum(tenantRoles)),
});

/** The user as the one who calls, with the roles of this moment. */
export const principalOf = (row: Row): Principal => userSchema.parse(row);

export const rootUser = 'root';

export const rootUserWrite = (tenantId: string, at: string): Write => ({
  do: 'put',
  table: 'Identity',
  row: { ...userKey(rootUser), user: rootUser, tenantId, systemRoles, tenantRoles: ['TENANT_ADMIN'], createdAt: at },
  when: absent,
});
