/** What a request asks for, read from method and address alone. */
export type Route =
  | { kind: 'login' | 'logout' | 'version' | 'restLogin' | 'restLogout' | 'signOnUsers' | 'everything' }
  | { kind: 'list' | 'create'; type: string }
  | { kind: 'typeQuery'; type: string; verb: string }
  | { kind: 'legacyQuery'; type: string; query: string; key: string }
  | { kind: 'read'; type: string; id: string }
  | { kind: 'relationship'; type: string; id: string; relationship: string }
  | { kind: 'action'; type: string; id: string | undefined; verb: string };

const fixed: Record<string, Route> = {
  'GET /api/login': { kind: 'login' },
  'GET /api/logout': { kind: 'logout' },
  'GET /api/version': { kind: 'version' },
  'GET /api/instances': { kind: 'everything' },
  'POST /rest/auth/login': { kind: 'restLogin' },
  'GET /rest/v1/users': { kind: 'signOnUsers' },
  'POST /rest/auth/logout': { kind: 'restLogout' },
  'POST /api/instances/System/queryMdmCluster': { kind: 'action', type: 'System', id: undefined, verb: 'queryMdmCluster' },
};

type Groups = Record<string, string | undefined>;

interface Pattern {
  method: 'GET' | 'POST';
  path: RegExp;
  route(groups: Groups): Route;
}

const part = (groups: Groups, name: string) => groups[name] ?? '';

const patterns: readonly Pattern[] = [
  {
    method: 'GET',
    path: /^\/api\/types\/(?<type>\w+)\/instances$/,
    route: (groups) => ({ kind: 'list', type: part(groups, 'type') }),
  },
  {
    method: 'POST',
    path: /^\/api\/types\/(?<type>\w+)\/instances$/,
    route: (groups) => ({ kind: 'create', type: part(groups, 'type') }),
  },
  {
    method: 'POST',
    path: /^\/api\/types\/(?<type>\w+)\/instances\/action\/(?<verb>\w+)$/,
    route: (groups) => ({ kind: 'typeQuery', type: part(groups, 'type'), verb: part(groups, 'verb') }),
  },
  {
    method: 'GET',
    path: /^\/api\/types\/(?<type>\w+)\/instances\/(?<query>getBy\w+)::(?<key>.*)$/,
    route: (groups) => ({ kind: 'legacyQuery', type: part(groups, 'type'), query: part(groups, 'query'), key: part(groups, 'key') }),
  },
  {
    method: 'GET',
    path: /^\/api\/instances\/(?<type>\w+)::(?<id>[^/]+)$/,
    route: (groups) => ({ kind: 'read', type: part(groups, 'type'), id: part(groups, 'id') }),
  },
  {
    method: 'GET',
    path: /^\/api\/instances\/(?<type>\w+)::(?<id>[^/]+)\/relationships\/(?<relationship>\w+)$/,
    route: (groups) => ({
      ...{ kind: 'relationship', type: part(groups, 'type'), id: part(groups, 'id') },
      relationship: part(groups, 'relationship'),
    }),
  },
  {
    method: 'POST',
    path: /^\/api\/instances\/(?<type>\w+)::(?<id>[^/]+)\/action\/(?<verb>\w+)$/,
    route: (groups) => ({ kind: 'action', type: part(groups, 'type'), id: part(groups, 'id'), verb: part(groups, 'verb') }),
  },
  {
    method: 'POST',
    path: /^\/api\/instances\/System\/action\/(?<verb>\w+)$/,
    route: (groups) => ({ kind: 'action', type: 'System', id: undefined, verb: part(groups, 'verb') }),
  },
];

/** The path as sent, still encoded, without the query; one slash at its end is ignored. */
export function routeOf(method: string, path: string): Route | undefined {
  const plain = path.replace(/\/$/, '').replace(/%3A%3A/i, '::');
  const known = fixed[`${method} ${plain}`];
  if (known !== undefined) return known;
  for (const pattern of patterns) {
    const groups = pattern.method === method ? pattern.path.exec(plain)?.groups : undefined;
    if (groups !== undefined) return pattern.route(groups);
  }
  return undefined;
}

/** One word for what a route does: the action, query or relationship, `create`, `list`, `read`, `login` … */
export function verbOf(route: Route): string {
  if (route.kind === 'action' || route.kind === 'typeQuery') return route.verb;
  if (route.kind === 'legacyQuery') return route.query;
  if (route.kind === 'relationship') return route.relationship;
  return route.kind;
}

/** Whether the array may be another afterwards. */
export function isChanging(route: Route): boolean {
  return route.kind === 'create' || (route.kind === 'action' && !route.verb.startsWith('query'));
}

/** The route without ids and names, to count calls by. */
export function familyOfRoute(route: Route): string {
  const type = 'type' in route ? `${route.type}.` : '';
  return `${type}${verbOf(route)}`;
}
