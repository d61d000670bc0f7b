import * as z from 'zod';
import { defineRoute, type Route } from '../../route.ts';
import { openApiDocument } from './openapi.ts';

/** `GET /openapi.json` over the routes of all functions; the document is made at the first use. */
export const openApiRoute = (everyRoute: () => readonly Omit<Route, 'run'>[]): Route => {
  let document: ReturnType<typeof openApiDocument> | undefined;
  return defineRoute({
    method: 'GET',
    path: '/openapi.json',
    function: 'api',
    permission: 'public',
    summary: 'This API as an OpenAPI document',
    response: z.looseObject({ openapi: z.string() }),
    status: 200,
    handler() {
      document ??= openApiDocument(everyRoute());
      return Promise.resolve(document);
    },
  });
};
