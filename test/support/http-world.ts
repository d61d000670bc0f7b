import type { Hono } from 'hono';
import type { Principal } from '../../core/identity/access.ts';
import { newToken, parseToken, tokenText, userKey } from '../../core/identity/tokens.ts';
import { newResource } from '../../core/inventory/resource.ts';
import type { Drivers } from '../../core/ports.ts';
import type { DriverAnswer, DriverRequest } from '../../drivers/sdk/driver.ts';
import type { DriverFailure } from '../../drivers/sdk/errors.ts';
import { routes as apiRoutes } from '../../functions/http/api/routes.ts';
import { routes as authRoutes } from '../../functions/http/auth/routes.ts';
import { makeApp } from '../../functions/http/endpoint.ts';
import { routes as providerRoutes } from '../../functions/http/providers/routes.ts';
import type { HttpFunction, Route } from '../../functions/http/route.ts';
import { bySpecificity, methodsAt } from '../../functions/http/router.ts';
import { aWorld, otherTenantId, startedAt, tenantId, type World } from './block-world.ts';

export const rootPassword = 'correct horse battery staple';

export const everyRoute: readonly Omit<Route, 'run'>[] = [...apiRoutes, ...authRoutes, ...providerRoutes];

/** Every role once, in the tenant that owns everything and in another one. */
export const users = {
  root: {
    user: 'root',
    tenantId,
    systemRoles: ['SYSTEM_ADMIN', 'SYSTEM_MONITOR', 'SYSTEM_AUDITOR', 'SECURITY_ADMIN'],
    tenantRoles: ['TENANT_ADMIN'],
  },
  admin: { user: 'admin', tenantId, systemRoles: ['SYSTEM_ADMIN'], tenantRoles: [] },
  monitor: { user: 'monitor', tenantId, systemRoles: ['SYSTEM_MONITOR'], tenantRoles: [] },
  auditor: { user: 'auditor', tenantId, systemRoles: ['SYSTEM_AUDITOR'], tenantRoles: [] },
  security: { user: 'security', tenantId, systemRoles: ['SECURITY_ADMIN'], tenantRoles: [] },
  tina: { user: 'tina', tenantId, systemRoles: [], tenantRoles: ['TENANT_ADMIN'] },
  paul: { user: 'paul', tenantId, systemRoles: [], tenantRoles: ['PROJECT_ADMIN'] },
  ann: { user: 'ann', tenantId, systemRoles: [], tenantRoles: ['TENANT_APPROVER'] },
  plain: { user: 'plain', tenantId, systemRoles: [], tenantRoles: [] },
  stranger: {
    user: 'stranger',
    tenantId: otherTenantId,
    systemRoles: [],
    tenantRoles: ['TENANT_ADMIN', 'PROJECT_ADMIN', 'TENANT_APPROVER'],
  },
} as const satisfies Record<string, Principal>;

export type UserName = keyof typeof users;

export interface Call {
  readonly as?: UserName | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface HttpWorld extends World {
  readonly secrets: Map<string, string>;
  readonly driverCalls: DriverRequest[];
  readonly logged: { message: string; facts: unknown }[];
  /** What the driver answers next; stays until changed. */
  array: { output: unknown } | { error: DriverFailure };
  nowMs: number;
  send(method: string, path: string, call?: Call): Promise<Answered>;
}

const tokenOf = (user: string): string => tokenText(user, `${user}-`.padEnd(43, 'x'));

const seedUsers = ({ rows }: World): void => {
  for (const principal of Object.values(users)) {
    const token = parseToken(tokenOf(principal.user));
    if (!token) throw new Error('not a token');
    const write = newToken(token, Date.parse(startedAt) / 1000);
    if (write.do !== 'put') throw new Error('not a put');
    rows.seed('Identity', [{ ...userKey(principal.user), ...principal }, write.row]);
  }
};

const requestOf = (method: string, path: string, { as, body, headers }: Call): Request =>
  new Request(`https://patina.test${path}`, {
    method,
    headers: {
      ...(as ? { 'X-SDS-AUTH-TOKEN': tokenOf(as) } : {}),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

/** Which function API Gateway would call: the one that declares the method at the path, otherwise the API's. */
const functionOf = (method: string, path: string): HttpFunction => {
  const [pathname = ''] = path.split('?');
  const route = bySpecificity(everyRoute).find((each) => each.method === method && methodsAt([each], pathname).length > 0);
  return route?.function ?? 'api';
};

export const theArray = { arrayId: 'array-9', vendor: 'Dell', model: 'PowerFlex', version: '4.5', warnings: [] };

/** The three functions of the API over one store, with a driver that answers as told. */
export const aHttpWorld = ({ sleeper }: { sleeper?: { sleep(ms: number): Promise<void> } } = {}): HttpWorld => {
  const world: HttpWorld = {
    ...aWorld(),
    secrets: new Map(),
    driverCalls: [],
    logged: [],
    array: { output: theArray },
    nowMs: Date.parse(startedAt),
    async send(method, path, call = {}) {
      const response = await apps[functionOf(method, path)].fetch(requestOf(method, path, call));
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
  seedUsers(world);
  world.put(newResource(otherTenantId, 'other', startedAt));
  const apps = appsOf(world, sleeper);
  return world;
};

const appsOf = (world: HttpWorld, sleeper: { sleep(ms: number): Promise<void> } | undefined): Record<HttpFunction, Hono> => {
  let secretCount = 0;
  const drivers: Drivers = {
    async call(_type, request): Promise<DriverAnswer> {
      world.driverCalls.push(request);
      return { gatewayCalls: { login: 1, read: 1, change: 0 }, ...world.array };
    },
  };
  const ports = {
    ...world.ports,
    ids: {
      ...world.ports.ids,
      secret: () => {
        secretCount += 1;
        return `secret-${secretCount}`.padEnd(43, 'y');
      },
    },
    clock: { now: () => world.nowMs },
    log: {
      info: () => undefined,
      warn: (message: string, facts?: unknown) => void world.logged.push({ message, facts }),
      error: (message: string, facts?: unknown) => void world.logged.push({ message, facts }),
    },
    ...(sleeper ? { sleeper } : {}),
    drivers,
    secrets: {
      write: async (name: string, value: string) => void world.secrets.set(name, value),
      remove: async (name: string) => void world.secrets.delete(name),
    },
    config: { arrayCidrs: ['10.0.0.0/8'], secretPrefix: 'patina/test' },
    rootPassword: async () => rootPassword,
  };
  const known = everyRoute;
  return {
    api: makeApp({ routes: apiRoutes, known, ports }),
    auth: makeApp({ routes: authRoutes, known, ports }),
    providers: makeApp({ routes: providerRoutes, known, ports }),
  };
};
