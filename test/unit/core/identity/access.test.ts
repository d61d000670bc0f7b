import { describe, expect, it } from 'vitest';
import { mayCall, ownTenant, type Principal, readerOf } from '../../../../core/identity/access.ts';
import { monitor, otherTenantId, tenantAdmin, tenantId } from '../../../support/block-world.ts';

const plain: Principal = { user: 'plain', tenantId, systemRoles: [], tenantRoles: [] };
const forAdmins = { system: ['SYSTEM_ADMIN'], tenant: ['TENANT_ADMIN'] } as const;

describe('a caller', () => {
  it('who did not log in may call what is public and nothing else', () => {
    expect(mayCall(undefined, 'public')).toBe(true);
    expect(mayCall(undefined, 'authenticated')).toBe(false);
    expect(mayCall(undefined, forAdmins)).toBe(false);
  });

  it('who logged in needs one of the roles, if any are named', () => {
    expect(mayCall(plain, 'authenticated')).toBe(true);
    expect(mayCall(plain, forAdmins)).toBe(false);
    expect(mayCall(tenantAdmin, forAdmins)).toBe(true);
    expect(mayCall({ ...plain, systemRoles: ['SYSTEM_ADMIN'] }, forAdmins)).toBe(true);
    expect(mayCall({ ...plain, systemRoles: ['SYSTEM_AUDITOR'] }, { tenant: ['TENANT_ADMIN'] })).toBe(false);
  });

  it('reads the own tenant, or everything as one who administers or monitors the system, and changes the own tenant alone', () => {
    expect(readerOf(tenantAdmin)).toEqual({ tenantId });
    expect(readerOf({ ...plain, systemRoles: ['SECURITY_ADMIN', 'SYSTEM_AUDITOR'] })).toEqual({ tenantId });
    expect(readerOf(monitor)).toBe('system');
    expect(ownTenant(monitor)).toEqual({ tenantId: otherTenantId });
  });
});
