import * as z from 'zod';
import type { Route } from '../../route.ts';
import { failureResponses, failuresOf } from './openapi-answers.ts';
import { product } from './start-page.ts';

type Described = Omit<Route, 'run'>;

/** Answers get more fields in time, which no client may stumble over. */
const mayGrow: Parameters<typeof z.toJSONSchema>[1] = {
  override({ jsonSchema: made }) {
    if (made.additionalProperties === false) delete made.additionalProperties;
  },
};

/** A schema that JSON Schema cannot say in full (a transformed field) is described by what goes in. */
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): object => {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'openapi-3.0',
    ...(io === 'output' && mayGrow),
  });
  return rest;
};

const parameterNames = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

const pathParameters = (path: string) =>
  parameterNames(path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

const propertiesOf = ({ properties = {} }: ObjectSchema) => properties;

const queryParameters = (query: z.ZodType | undefined) => {
  if (!query) return [];
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as ObjectSchema;
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
};

const pageParameters = ({ response }: Described) =>
  'next_cursor' in propertiesOf(jsonSchema(response, 'output'))
    ? [{ $ref: '#/components/parameters/limit' }, { $ref: '#/components/parameters/cursor' }]
    : [];

const genericParameters = (route: Described) => (route.method === 'GET' ? pageParameters(route) : writeParameters(route.method));

const writeParameters = (method: Described['method']) => [
  { $ref: '#/components/parameters/dry_run' },
  ...(method === 'POST' ? [{ $ref: '#/components/parameters/idempotency' }] : []),
];

/** No body is as good as an empty one, so it is needed only where a field is. */
const requestBody = ({ body }: Described) => {
  if (!body) return {};
  const schema: ObjectSchema = jsonSchema(body, 'input');
  return { requestBody: { required: (schema.required ?? []).length > 0, ...json(schema) } };
};

const security = ({ permission, credentials }: Described) => {
  if (credentials !== undefined) return { security: [{ [credentials]: [] }] };
  return permission === 'public' ? { security: [] } : {};
};

const successOf = (route: Described) => ({
  ...(route.status === 202 ? { 200: { description: 'With dry_run=true: what would be done', ...json(planSchema) } } : {}),
  [route.status]: { description: 'Success', ...json(jsonSchema(route.response, 'output')) },
});

const rolesOf = ({ permission }: Described): string =>
  typeof permission === 'string' ? permission : [...(permission.system ?? []), ...(permission.tenant ?? [])].join(', ');

const json = (schema: object) => ({ content: { 'application/json': { schema } } });

const operation = (route: Described) => ({
  summary: route.summary,
  operationId: `${route.method.toLowerCase()} ${route.path}`.replaceAll(/[^A-Za-z]+/g, '_').replace(/_$/, ''),
  description: `For: ${rolesOf(route)}`,
  ...security(route),
  parameters: [...pathParameters(route.path), ...queryParameters(route.query), ...genericParameters(route)],
  ...requestBody(route),
  responses: { ...successOf(route), ...failuresOf(route, Object.keys(propertiesOf(jsonSchema(route.query ?? z.object({}), 'input')))) },
});

const text = { type: 'string' };

const planSchema = {
  type: 'object',
  required: ['dry_run', 'plan'],
  properties: { dry_run: { type: 'boolean' }, plan: { type: 'object' } },
};

const components = {
  securitySchemes: {
    token: { type: 'apiKey', in: 'header', name: 'X-SDS-AUTH-TOKEN', description: 'Of GET /login' },
    basic: { type: 'http', scheme: 'basic', description: 'For GET /login alone' },
  },
  parameters: {
    dry_run: { name: 'dry_run', in: 'query', description: 'Answer the plan and change nothing', schema: { type: 'boolean' } },
    limit: { name: 'limit', in: 'query', description: 'Ask for pages of so many', schema: { type: 'integer', minimum: 1, maximum: 1000 } },
    cursor: { name: 'cursor', in: 'query', description: '`next_cursor` of the page before', schema: text },
    idempotency: { name: 'Idempotency-Key', in: 'header', description: 'Sent again, it gets the same answer', schema: text },
  },
  responses: failureResponses,
  schemas: {
    Error: {
      type: 'object',
      required: ['code', 'retryable', 'description', 'details'],
      properties: { code: { type: 'integer' }, retryable: { type: 'boolean' }, description: text, details: text },
    },
  },
};

/** The API's document: everything in it is read from the routes. */
export const openApiDocument = (routes: readonly Described[]) => {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  return {
    openapi: '3.0.3',
    info: { title: product.name, version: product.version },
    security: [{ token: [] }],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => a.localeCompare(b))),
    components,
  };
};
