import type { Integration, IResource, RestApi } from 'aws-cdk-lib/aws-apigateway';

export type RoutedFunction = 'api' | 'auth' | 'providers';

/** A route that does not belong to the api function, so that it needs a resource of its own. */
export interface SeparateRoute {
  readonly method: string;
  /** Such as `/vdc/storage-providers/{id}`. */
  readonly path: string;
  readonly function: RoutedFunction;
}

export type Integrations = Readonly<Record<RoutedFunction, Integration>>;

interface Node {
  readonly children: Map<string, Node>;
  readonly methods: Map<string, RoutedFunction>;
}

const newNode = (): Node => ({ children: new Map(), methods: new Map() });
const isVariable = (part: string): boolean => part.startsWith('{');

const childOf = (node: Node, part: string, path: string): Node => {
  const other = [...node.children.keys()].find((each) => isVariable(each) && isVariable(part) && each !== part);
  if (other !== undefined) throw new Error(`route ${path}: ${part} and ${other} name the same place; API Gateway takes one name`);
  const child = node.children.get(part) ?? newNode();
  node.children.set(part, child);
  return child;
};

const treeOf = (routes: readonly SeparateRoute[]): Node => {
  const root = newNode();
  for (const route of routes) {
    const parts = route.path.split('/').filter((part) => part !== '');
    const node = parts.reduce((parent, part) => childOf(parent, part, route.path), root);
    if (node.methods.has(route.method)) throw new Error(`route ${route.method} ${route.path} is listed twice`);
    node.methods.set(route.method, route.function);
  }
  return root;
};

/** On every resource all other methods, and all paths below it, still reach the api function. */
const addNode = (resource: IResource, node: Node, integrations: Integrations): void => {
  for (const [method, functionName] of node.methods) resource.addMethod(method, integrations[functionName]);
  resource.addMethod('ANY', integrations.api);
  for (const [part, child] of node.children) addNode(resource.addResource(part), child, integrations);
  if (![...node.children.keys()].some(isVariable)) resource.addResource('{proxy+}').addMethod('ANY', integrations.api);
};

export const addRoutes = (api: RestApi, routes: readonly SeparateRoute[], integrations: Integrations): void =>
  addNode(api.root, treeOf(routes), integrations);
