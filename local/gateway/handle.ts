import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { awsLimits } from '../../core/limits.ts';
import type { HostClock } from '../clock/clock.ts';
import { InvokeError } from '../lambda/invoke-error.ts';
import type { Lambdas } from '../lambda/lambdas.ts';
import { AccessDenied, type InvokeAnswer } from '../ports.ts';
import type { GatewayAnswer, OwnAnswer } from './gateway-responses.ts';
import { readProxyAnswer } from './proxy-answer.ts';
import { proxyEvent } from './proxy-event.ts';
import type { Integration, RestApi } from './rest-api.ts';
import { matchRoute, type RouteMatch } from './routes.ts';

export interface GatewayOptions {
  readonly api: RestApi;
  readonly invoke: Lambdas['invoke'];
  readonly clock: HostClock;
  readonly region: string;
  readonly accountId: string;
}

interface Invocation {
  readonly match: RouteMatch<Integration>;
  readonly method: string;
  readonly payload: string;
}

/** Undefined for more than API Gateway takes. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size <= awsLimits.apiPayloadBytes) chunks.push(chunk);
  }
  return size > awsLimits.apiPayloadBytes ? undefined : Buffer.concat(chunks);
}

const headerBytes = ({ rawHeaders, url, method }: IncomingMessage): number =>
  rawHeaders.reduce((sum, each) => sum + Buffer.byteLength(each) + 2, `${method} ${url} HTTP/1.1`.length);

async function withinTime(clock: HostClock, timeoutMs: number, answer: Promise<InvokeAnswer>): Promise<InvokeAnswer | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = clock.after(timeoutMs, () => late.resolve(undefined));
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    timer.cancel();
  }
}

async function integrate(options: GatewayOptions, { match, method, payload }: Invocation): Promise<InvokeAnswer | OwnAnswer> {
  const { api, invoke, clock, region, accountId } = options;
  const { functionArn, timeoutMs } = match.target;
  const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${api.id}/${api.stageName}/${method}${match.node.resourcePath}`;
  const request = {
    caller: 'apigateway.amazonaws.com',
    functionName: functionArn,
    payload,
    invocationType: 'RequestResponse',
    sourceArn,
  } as const;
  try {
    return (await withinTime(clock, timeoutMs, invoke(request))) ?? 'INTEGRATION_TIMEOUT';
  } catch (error) {
    if (error instanceof InvokeError && error.code === 'RequestTooLargeException') return 'REQUEST_TOO_LARGE';
    if (error instanceof AccessDenied || error instanceof InvokeError) return 'API_CONFIGURATION_ERROR';
    throw error;
  }
}

/** What API Gateway does with one request: route it, invoke the function behind the route, and give its answer. */
export async function handleRequest(options: GatewayOptions, incoming: IncomingMessage): Promise<GatewayAnswer> {
  const { api, clock, accountId } = options;
  const requestId = randomUUID();
  const receivedAt = clock.now();
  const method = incoming.method ?? 'GET';
  const [path = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s, 2);
  const own = (answer: OwnAnswer) => api.ownAnswers(answer, { requestId, path, httpMethod: method });
  const body = await readBody(incoming);
  if (headerBytes(incoming) > awsLimits.apiHeaderBytes) return own('REQUEST_HEADERS_TOO_LARGE');
  if (body === undefined) return own('REQUEST_TOO_LARGE');
  const match = matchRoute(api.root, method, path);
  if (match === undefined) return own('MISSING_AUTHENTICATION_TOKEN');
  const payload = proxyEvent(api, match, { incoming, body, path, query, requestId, receivedAt, accountId });
  const answer = await integrate(options, { match, method, payload });
  if (typeof answer === 'string') return own(answer);
  if (answer.functionError !== undefined) return own('MALFORMED_PROXY_RESPONSE');
  const { binaryMediaTypes } = api;
  const read = readProxyAnswer(answer.payload, { binaryMediaTypes, accept: incoming.headers.accept ?? '' });
  if (read === undefined) return own('MALFORMED_PROXY_RESPONSE');
  return { ...read, headers: { ...read.headers, 'x-amzn-RequestId': requestId } };
}
