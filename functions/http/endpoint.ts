import { Hono } from 'hono';
import { type APIGatewayProxyResult, handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { ControlPlaneError } from '../../core/errors.ts';
import { authenticate } from '../../core/identity/authenticate.ts';
import type { Ids } from '../../core/ports.ts';
import type { EndpointPorts } from './endpoint-ports.ts';
import { errorAnswer } from './errors-to-http.ts';
import { headersOf } from './headers.ts';
import { jsonResponse } from './json-response.ts';
import type { Route } from './route.ts';
import { bySpecificity, methodsAt, toHonoPath } from './router.ts';
import { runRoute } from './run-route.ts';

export interface EndpointOptions<Ports extends EndpointPorts> {
  readonly routes: readonly Route<Ports>[];
  /** Routes of other functions too, so that a wrong method is told from a wrong path. */
  readonly known?: readonly Pick<Route, 'method' | 'path'>[];
  readonly ports: Ports;
}

const correlationPattern = /^[\w.:/-]{1,128}$/;

const correlationOf = (request: Request, ids: Ids): string => {
  const given = request.headers.get('x-correlation-id') ?? '';
  return correlationPattern.test(given) ? given : ids.uuid();
};

type Work = (correlationId: string) => Promise<Response>;

/** Whatever goes wrong becomes an answer here, and only here. */
const answered = async (request: Request, ports: EndpointPorts, work: Work): Promise<Response> => {
  const correlationId = correlationOf(request, ports.ids);
  const answer = async (): Promise<Response> => {
    try {
      return await work(correlationId);
    } catch (error) {
      return jsonResponse(request, errorAnswer(error, { correlationId, log: ports.log }));
    }
  };
  const response = await answer();
  response.headers.set('X-Correlation-Id', correlationId);
  return response;
};

/** A caller without a valid token learns nothing of which paths there are. */
const refuse = async (request: Request, ports: EndpointPorts, known: readonly Pick<Route, 'method' | 'path'>[]): Promise<never> => {
  await authenticate(ports, headersOf(request));
  const path = new URL(request.url).pathname;
  const methods = methodsAt(known, path);
  if (methods.length === 0) throw new ControlPlaneError(`there is no resource ${path}`, { code: 'route.unknown' });
  throw new ControlPlaneError(`${path} does not support ${request.method}; it supports ${methods.join(', ')}`, {
    code: 'method.unsupported',
    cause: { allow: methods.join(', ') },
  });
};

/** The routes as an application: the same on Lambda and in tests. */
export const makeApp = <Ports extends EndpointPorts>({ routes, known = routes, ports }: EndpointOptions<Ports>): Hono => {
  const app = new Hono();
  for (const route of bySpecificity(routes))
    app.on(route.method, toHonoPath(route.path), ({ req }) =>
      answered(req.raw, ports, (correlationId) => runRoute(route, { request: req.raw, params: req.param(), correlationId, ports })),
    );
  app.all('*', ({ req }) => answered(req.raw, ports, () => refuse(req.raw, ports, known)));
  return app;
};

/** A GET has no body, whatever a client sends with it. */
const withoutStrayBody = (event: LambdaEvent): LambdaEvent =>
  'httpMethod' in event && (event.httpMethod === 'GET' || event.httpMethod === 'HEAD') ? { ...event, body: null } : event;

/** The Lambda handler of a function's routes, for a REST API's proxy events (format 1.0). */
export const endpoint = <Ports extends EndpointPorts>(
  options: EndpointOptions<Ports>,
): ((event: LambdaEvent, context?: LambdaContext) => Promise<APIGatewayProxyResult>) => {
  const serve = handle(makeApp(options));
  return (event, context) => serve(withoutStrayBody(event), context);
};
