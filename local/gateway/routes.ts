/** A resource of the REST API with the functions behind its methods. */
export interface RouteNode<T> {
  readonly id: string;
  /** As in the template: `/vdc/storage-providers/{id}`. */
  readonly resourcePath: string;
  readonly methods: Map<string, T>;
  readonly children: Map<string, RouteNode<T>>;
}

export interface RouteMatch<T> {
  readonly node: RouteNode<T>;
  readonly target: T;
  readonly pathParameters: Readonly<Record<string, string>>;
}

export const routeNode = <T>(id: string, resourcePath: string): RouteNode<T> => ({
  id,
  resourcePath,
  methods: new Map(),
  children: new Map(),
});

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

const isGreedy = (part: string): boolean => part.endsWith('+}');
const isParameter = (part: string): boolean => part.startsWith('{') && !isGreedy(part);
const nameOf = (part: string): string => part.replaceAll(/[{}+]/g, '');

function childFor<T>(node: RouteNode<T>, segment: string): readonly [string, RouteNode<T>] | undefined {
  const literal = node.children.get(segment);
  if (literal !== undefined) return [segment, literal];
  const parts = [...node.children];
  return parts.find(([part]) => isParameter(part)) ?? parts.find(([part]) => isGreedy(part));
}

/**
 * The method that API Gateway would pick: at each segment a literal before a parameter before a greedy one, then the HTTP method before
 * `ANY`. Never goes back to a less specific resource, so that what is found here is also found on AWS; undefined means `403`.
 */
export function matchRoute<T>(root: RouteNode<T>, method: string, path: string): RouteMatch<T> | undefined {
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  const pathParameters: Record<string, string> = {};
  let node = root;
  for (const [index, segment] of segments.entries()) {
    const child = childFor(node, segment);
    if (child === undefined) return undefined;
    const [part] = child;
    node = child[1];
    if (isGreedy(part)) {
      pathParameters[nameOf(part)] = segments.slice(index).map(decoded).join('/');
      break;
    }
    if (isParameter(part)) pathParameters[nameOf(part)] = decoded(segment);
  }
  const target = node.methods.get(method) ?? node.methods.get('ANY');
  return target === undefined ? undefined : { node, target, pathParameters };
}
