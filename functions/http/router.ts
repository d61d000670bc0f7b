import type { Route } from './route.ts';

const isParameter = (segment: string): boolean => segment.startsWith('{');

const segmentsOf = (path: string): string[] => path.split('/');

export const toHonoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** `search` before `{id}`: one digit a segment, smaller when it is fixed. */
const rank = (path: string): string =>
  segmentsOf(path)
    .map((segment) => (isParameter(segment) ? '1' : '0'))
    .join('');

export const bySpecificity = <R extends Pick<Route, 'path'>>(routes: readonly R[]): R[] =>
  [...routes].sort((a, b) => rank(a.path).localeCompare(rank(b.path)));

const matches = (pattern: string, path: string): boolean => {
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(path);
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => (isParameter(segment) ? given[index] !== '' : segment === given[index]))
  );
};

/** Which methods a path has; none: the path is unknown. */
export const methodsAt = (routes: readonly Pick<Route, 'method' | 'path'>[], path: string): string[] => [
  ...new Set(routes.filter((route) => matches(route.path, path)).map((route) => route.method)),
];
