import { describe, expect, it } from 'vitest';
import { matchRoute, type RouteNode, routeNode } from '../../../../local/gateway/routes.ts';

function tree(routes: Readonly<Record<string, string>>): RouteNode<string> {
  const root = routeNode<string>('root', '/');
  for (const [route, target] of Object.entries(routes)) {
    const [method = '', path = ''] = route.split(' ');
    let node = root;
    for (const part of path.split('/').filter((each) => each !== '')) {
      const child = node.children.get(part) ?? routeNode<string>(part, `${node.resourcePath}/${part}`);
      node.children.set(part, child);
      node = child;
    }
    node.methods.set(method, target);
  }
  return root;
}

const root = tree({
  'ANY /': 'api root',
  'ANY /{proxy+}': 'api',
  'GET /login': 'login',
  'ANY /login': 'api at login',
  'GET /vdc/{id}': 'one',
  'GET /vdc/all': 'all',
  'ANY /vdc/{id}/{proxy+}': 'below one',
});

const find = (method: string, path: string) => matchRoute(root, method, path)?.target;

describe('routes', () => {
  it.each([
    ['GET', '/', 'api root'],
    ['GET', '/anything/at/all', 'api'],
    ['GET', '/login', 'login'],
    ['GET', '/login/', 'login'],
    ['POST', '/login', 'api at login'],
    ['GET', '/vdc/7', 'one'],
    ['GET', '/vdc/all', 'all'],
    ['GET', '/vdc/7/x/y', 'below one'],
  ])('%s %s is %s', (method, path, expected) => {
    expect(find(method, path)).toBe(expected);
  });

  it('never go back to a less specific resource, as nobody may rely on that', () => {
    expect(find('GET', '/login/x')).toBeUndefined();
    expect(find('POST', '/vdc/7')).toBeUndefined();
    expect(find('GET', '/vdc')).toBeUndefined();
  });

  it('give path parameters decoded, the greedy one whole', () => {
    expect(matchRoute(root, 'GET', '/vdc/urn%3Ax/a/b%20c')?.pathParameters).toEqual({ id: 'urn:x', proxy: 'a/b c' });
    expect(matchRoute(root, 'GET', '/vdc/100%')?.pathParameters).toEqual({ id: '100%' });
  });
});
