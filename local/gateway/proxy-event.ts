import type { IncomingMessage } from 'node:http';
import { isBinary } from './media-types.ts';
import type { Integration, RestApi } from './rest-api.ts';
import type { RouteMatch } from './routes.ts';

export interface ProxyRequest {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: string;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly accountId: string;
}

type Pairs = readonly (readonly [string, string])[];

function headerPairs({ incoming }: ProxyRequest): Pairs {
  const { rawHeaders, socket } = incoming;
  const sent = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []));
  const isTls = 'encrypted' in socket;
  return [
    ...sent,
    ['X-Forwarded-For', socket.remoteAddress ?? '127.0.0.1'],
    ['X-Forwarded-Port', String(socket.localPort)],
    ['X-Forwarded-Proto', isTls ? 'https' : 'http'],
  ];
}

/** The last value of a repeated key. */
const single = (pairs: Pairs): Record<string, string> => Object.fromEntries(pairs);

function multiple(pairs: Pairs): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [key, value] of pairs) values[key] = [...(values[key] ?? []), value];
  return values;
}

const orNull = <T extends object>(values: T): T | null => (Object.keys(values).length === 0 ? null : values);

function bodyOf(api: RestApi, { body, incoming }: ProxyRequest): { body: string | null; isBase64Encoded: boolean } {
  if (body.length === 0) return { body: null, isBase64Encoded: false };
  const isBase64Encoded = isBinary(api.binaryMediaTypes, incoming.headers['content-type'] ?? 'application/json');
  return { body: body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

function contextOf(api: RestApi, match: RouteMatch<Integration>, request: ProxyRequest): object {
  const { incoming, path, requestId, receivedAt, accountId } = request;
  const domainName = incoming.headers.host ?? 'localhost';
  return {
    accountId,
    apiId: api.id,
    domainName,
    domainPrefix: domainName.split('.', 1)[0],
    extendedRequestId: requestId,
    httpMethod: incoming.method,
    identity: { sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1', userAgent: incoming.headers['user-agent'] ?? null },
    path,
    protocol: `HTTP/${incoming.httpVersion}`,
    requestId,
    requestTime: new Date(receivedAt).toUTCString(),
    requestTimeEpoch: receivedAt,
    resourceId: match.node.id,
    resourcePath: match.node.resourcePath,
    stage: api.stageName,
  };
}

/** The event of a Lambda proxy integration, format 1.0, as under a custom domain with the base path `/`. */
export function proxyEvent(api: RestApi, match: RouteMatch<Integration>, request: ProxyRequest): string {
  const headers = headerPairs(request);
  const query = [...new URLSearchParams(request.query)];
  return JSON.stringify({
    resource: match.node.resourcePath,
    path: request.path,
    httpMethod: request.incoming.method,
    headers: single(headers),
    multiValueHeaders: multiple(headers),
    queryStringParameters: orNull(single(query)),
    multiValueQueryStringParameters: orNull(multiple(query)),
    pathParameters: orNull(match.pathParameters),
    stageVariables: api.stageVariables,
    requestContext: contextOf(api, match, request),
    ...bodyOf(api, request),
  });
}
