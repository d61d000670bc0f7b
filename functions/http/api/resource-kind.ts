import type * as z from 'zod';
import type { Permission } from '../../../core/identity/access.ts';
import type { ResourceOf, ResourceType } from '../../../core/inventory/schemas.ts';
import type { ApiPorts } from '../../../core/request.ts';

/** What the makers of common routes need to know of a type of resource. */
export interface ResourceKind<T extends ResourceType> {
  readonly type: T;
  /** Such as `/block/volumes`. */
  readonly path: string;
  /** In words, such as `volume`. */
  readonly noun: string;
  /** The key of lists and of bulk answers, such as `volume`. */
  readonly listKey: string;
  readonly body: z.ZodType;
  readonly read: Permission;
  readonly write: Permission;
  /** In whose lists it stands, which is also where a name is searched. */
  readonly scope: 'all' | 'tenant' | 'project';
  /** Of the body, what history does not keep: absent in answers as of a time. */
  readonly notKept?: readonly string[];
  represent(resource: ResourceOf<T>, ports: Pick<ApiPorts, 'rows'>): object | Promise<object>;
}

export const systemReaders: Permission = { system: ['SYSTEM_ADMIN', 'SYSTEM_MONITOR'] };
export const systemAdmins: Permission = { system: ['SYSTEM_ADMIN'] };
export const tenantAdmins: Permission = { tenant: ['TENANT_ADMIN'] };
/** Who orders storage for the home tenant. */
export const tenantUsers: Permission = { tenant: ['TENANT_ADMIN', 'PROJECT_ADMIN'] };
