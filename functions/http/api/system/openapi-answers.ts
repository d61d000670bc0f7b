import type { Route } from '../../route.ts';

type Described = Omit<Route, 'run'>;

const text = { type: 'string' };

/** As API Gateway passes it on. */
const challenge = { 'x-amzn-remapped-WWW-Authenticate': { description: 'How to log in', schema: text } };
const retryAfter = { 'Retry-After': { description: 'Seconds', schema: text } };

const failures = {
  400: { description: 'Something in the request is not right; details say what, and what would be' },
  401: { description: 'There is no token, or it has ended; log in again', headers: challenge },
  403: { description: 'The caller has none of the roles that this needs' },
  404: { description: 'There is no such resource, or the caller may not see it' },
  409: { description: 'The state of that time is not known' },
  413: { description: 'The body is too large' },
  415: { description: 'The body is not JSON' },
  429: { description: 'Too many requests; try again', headers: retryAfter },
  503: { description: 'Busy; try again', headers: retryAfter },
} as const;

type FailureStatus = keyof typeof failures;

const nameOf = (status: string | number): string => `Failure${status}`;

const errorContent = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

/** Of `components`: every failure that an operation may name. */
export const failureResponses = Object.fromEntries(
  Object.entries(failures).map(([status, failure]) => [nameOf(status), { ...failure, content: errorContent }]),
);

const needsToken = ({ permission, credentials }: Described): boolean => permission !== 'public' || credentials !== undefined;

const statusesOf = (route: Described, queryNames: readonly string[]): FailureStatus[] => [
  400,
  ...(needsToken(route) ? ([401] as const) : []),
  ...(typeof route.permission === 'string' ? [] : ([403] as const)),
  ...(route.path.includes('{') ? ([404] as const) : []),
  ...(queryNames.includes('as_of') ? ([409] as const) : []),
  ...(route.method === 'GET' ? [] : ([413, 415] as const)),
  429,
  503,
];

/** The failures that this operation may answer, by status; anything else is in the same form. */
export const failuresOf = (route: Described, queryNames: readonly string[]) => ({
  ...Object.fromEntries(statusesOf(route, queryNames).map((status) => [status, { $ref: `#/components/responses/${nameOf(status)}` }])),
  default: { description: 'Any other failure', content: errorContent },
});
