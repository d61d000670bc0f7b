import { refuse } from './errors.ts';
import type { User } from './model.ts';
import { isChanging, type Route } from './routes.ts';
import { type ApiVersion, atLeast } from './versions.ts';

/** What a role may change: volumes with their snapshots, mappings and hosts; or the nodes below them. */
type Area = 'frontend' | 'backend';

const both: readonly Area[] = ['frontend', 'backend'];

/** The array's own users. Reading is everybody's. */
const rolesBefore4: Readonly<Record<string, readonly Area[]>> = {
  Monitor: [],
  Security: [],
  FrontendConfigure: ['frontend'],
  BackendConfigure: ['backend'],
  Configure: both,
  Administrator: both,
  SuperUser: both,
};

/** Those of the single sign-on. */
const rolesSince4: Readonly<Record<string, readonly Area[]>> = {
  Monitor: [],
  SecurityAdmin: [],
  Support: [],
  StorageAdmin: both,
  SystemAdmin: both,
  SuperUser: both,
};

const rolesOf = (version: ApiVersion) => (atLeast(version, '4.5') ? rolesSince4 : rolesBefore4);

export const roleNames = (version: ApiVersion): readonly string[] => Object.keys(rolesOf(version));

/** The role that may configure storage and no more. */
export const defaultRole = (version: ApiVersion): string => (atLeast(version, '4.5') ? 'StorageAdmin' : 'Configure');

const backendTypes: readonly string[] = ['Sds', 'Sdt', 'Device', 'StoragePool', 'ProtectionDomain', 'FaultSet'];

const areaOf = (route: Route): Area => ('type' in route && backendTypes.includes(route.type) ? 'backend' : 'frontend');

/** Throws code 168 when the user's role does not allow what is asked. */
export function requireAllowed(version: ApiVersion, { role }: User, route: Route): void {
  if (isChanging(route) && !rolesOf(version)[role]?.includes(areaOf(route))) throw refuse('NO_PERMISSIONS');
}
