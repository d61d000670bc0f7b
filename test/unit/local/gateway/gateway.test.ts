import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createClock, type HostClock } from '../../../../local/clock/clock.ts';
import { ownCertificate } from '../../../../local/gateway/certificate.ts';
import { type Gateway, startGateway } from '../../../../local/gateway/gateway.ts';
import { restApiOf } from '../../../../local/gateway/rest-api.ts';
import type { SourcedInvokeRequest } from '../../../../local/lambda/lambdas.ts';
import { AccessDenied, type InvokeAnswer } from '../../../../local/ports.ts';
import { openFixture } from '../../../support/assembly.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:api:live';
const integration = { Type: 'AWS_PROXY', Uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations` };
const method = (ResourceId: object, extra: object = {}) => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: { HttpMethod: 'ANY', AuthorizationType: 'NONE', ResourceId, RestApiId: { Ref: 'Api' }, Integration: integration, ...extra },
});
const rootId = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };

const resources = (extra: Record<string, object> = {}): Record<string, object> => ({
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { BinaryMediaTypes: ['application/octet-stream', 'application/gzip'] } },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'dev' } },
  Volumes: { Type: 'AWS::ApiGateway::Resource', Properties: { ParentId: rootId, PathPart: 'volumes' } },
  Volume: { Type: 'AWS::ApiGateway::Resource', Properties: { ParentId: { Ref: 'Volumes' }, PathPart: '{id}' } },
  AnyVolume: method({ Ref: 'Volume' }),
  ...extra,
});

let gateway: Gateway;
let clock: HostClock;
let asked: SourcedInvokeRequest[];
let folder: string | undefined;

afterEach(async () => {
  await gateway?.close();
  clock?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

const ok = { statusCode: 200, body: '{}' };

async function start(answer: () => unknown, { extra, tls }: { extra?: Record<string, object>; tls?: string } = {}): Promise<void> {
  const api = restApiOf(openFixture({ stacks: { App: { Resources: resources(extra) } } }));
  if (api === undefined) throw new Error('no API');
  asked = [];
  clock = createClock({ mode: 'accelerated', rate: 0, skipIdle: false, startAt: Date.UTC(2030, 0, 1) });
  const invoke = async (request: SourcedInvokeRequest): Promise<InvokeAnswer> => {
    asked.push(request);
    const given = await answer();
    return typeof given === 'object' && given !== null && 'payload' in given ? (given as InvokeAnswer) : { payload: JSON.stringify(given) };
  };
  gateway = await startGateway({
    api,
    invoke,
    clock,
    region: 'us-east-1',
    accountId: '000000000000',
    port: 0,
    log: () => undefined,
    ...(tls === undefined ? {} : { tls: { port: 0, certificate: await ownCertificate(tls) } }),
  });
}

const event = () => JSON.parse(asked[0]?.payload ?? 'null');
const get = (path: string, init?: RequestInit) => fetch(gateway.url + path, init);

/** fetch would fold repeated headers into one. */
function rawGet(path: string, headers: string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = plainRequest(gateway.url + path, { headers }, (response) => resolve(response.resume().statusCode));
    request.on('error', reject).end();
  });
}

describe('the event of a request', () => {
  it('has format 1.0 with path parameters, query and headers in both forms', async () => {
    await start(() => ok);
    await rawGet('/volumes/urn%3Ax?a=1&a=2&b=c%20d', ['Host', 'patina', 'X-Twice', 'one', 'X-Twice', 'two']);
    expect(event()).toMatchObject({
      resource: '/volumes/{id}',
      path: '/volumes/urn%3Ax',
      httpMethod: 'GET',
      pathParameters: { id: 'urn:x' },
      queryStringParameters: { a: '2', b: 'c d' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: ['c d'] },
      headers: { Host: 'patina', 'X-Twice': 'two', 'X-Forwarded-Proto': 'http', 'X-Forwarded-For': '127.0.0.1' },
      multiValueHeaders: { 'X-Twice': ['one', 'two'] },
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
      requestContext: {
        stage: 'dev',
        path: '/volumes/urn%3Ax',
        resourcePath: '/volumes/{id}',
        requestTimeEpoch: Date.UTC(2030, 0, 1),
        identity: { sourceIp: '127.0.0.1' },
      },
    });
  });

  it('has text as text and binary types as base64', async () => {
    await start(() => ok);
    await get('/volumes/1', { method: 'POST', body: '{"ä":1}', headers: { 'Content-Type': 'application/json' } });
    await get('/volumes/1', { method: 'POST', body: 'xyz', headers: { 'Content-Type': 'application/octet-stream; v=1' } });
    const events = asked.map(({ payload }) => JSON.parse(payload));
    expect(events.map(({ body, isBase64Encoded }) => [body, isBase64Encoded])).toEqual([
      ['{"ä":1}', false],
      [Buffer.from('xyz').toString('base64'), true],
    ]);
  });

  it('goes to the function as API Gateway, for this method and resource', async () => {
    await start(() => ok);
    await get('/volumes/1', { method: 'DELETE' });
    expect(asked[0]).toMatchObject({ caller: 'apigateway.amazonaws.com', functionName: functionArn, invocationType: 'RequestResponse' });
    expect(asked[0]?.sourceArn).toMatch(/^arn:aws:execute-api:us-east-1:000000000000:[0-9a-f]{10}\/dev\/DELETE\/volumes\/\{id\}$/);
  });
});

describe('the answer of a function', () => {
  it('goes to the client with its status, headers and body', async () => {
    await start(() => ({ statusCode: 202, headers: { 'X-One': 'a' }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] }, body: 'hello' }));
    const response = await get('/volumes/1');
    expect([response.status, response.headers.get('x-one'), response.headers.getSetCookie()]).toEqual([202, 'a', ['a=1', 'b=2']]);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('hello');
  });

  it('in base64 is decoded for clients that accept a binary type, for others not', async () => {
    await start(() => ({ statusCode: 200, body: Buffer.from('hello').toString('base64'), isBase64Encoded: true }));
    expect(await (await get('/volumes/1', { headers: { Accept: 'application/gzip' } })).text()).toBe('hello');
    expect(await (await get('/volumes/1', { headers: { Accept: 'application/json' } })).text()).toBe('aGVsbG8=');
  });

  it('cannot use WWW-Authenticate, which API Gateway renames', async () => {
    await start(() => ({ ...ok, headers: { 'WWW-Authenticate': 'Basic' } }));
    const { headers } = await get('/volumes/1');
    expect([headers.get('www-authenticate'), headers.get('x-amzn-remapped-www-authenticate')]).toEqual([null, 'Basic']);
  });

  it.each([
    ['has no status', { body: 'x' }],
    ['has an object as body', { statusCode: 200, body: {} }],
    ['has a field that API Gateway does not know', { ...ok, extra: 1 }],
    ['is null', null],
    ['is an error', { payload: '{"errorType":"Error"}', functionError: 'Unhandled' }],
  ])('is a 502 when it %s', async (_, answer) => {
    await start(() => answer);
    const response = await get('/volumes/1');
    expect([response.status, await response.json()]).toEqual([502, { message: 'Internal server error' }]);
  });

  it('that does not come within 29 seconds is a 504', async () => {
    await start(() => new Promise(() => undefined));
    const response = get('/volumes/1');
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(29_000);
    expect((await response).status).toBe(504);
  });

  it('is never asked for when the function does not let API Gateway invoke it', async () => {
    await start(() => {
      throw new AccessDenied('no');
    });
    expect((await get('/volumes/1')).status).toBe(500);
  });
});

describe("API Gateway's own answers", () => {
  it('refuse paths and methods without a resource', async () => {
    await start(() => ok);
    const response = await get('/nowhere');
    expect([response.status, await response.json()]).toEqual([403, { message: 'Missing Authentication Token' }]);
  });

  it('refuse more than 10 MB and headers of more than 10,240 bytes', async () => {
    await start(() => ok);
    expect((await get('/volumes/1', { method: 'POST', body: 'x'.repeat(10_485_761) })).status).toBe(413);
    expect((await get('/volumes/1', { headers: { 'X-Long': 'x'.repeat(10_240) } })).status).toBe(431);
    expect(asked).toEqual([]);
  });

  it('have status, headers and body from the template, the specific before the default', async () => {
    const response = (ResponseType: string, rest: object) => ({
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: { ResponseType, ...rest },
    });
    const extra = {
      Missing: response('MISSING_AUTHENTICATION_TOKEN', {
        StatusCode: '404',
        ResponseParameters: { 'gatewayresponse.header.Retry-After': "'5'" },
        ResponseTemplates: { 'application/json': '{"path":"$context.path","said":$context.error.messageString}' },
      }),
      Others: response('DEFAULT_5XX', { ResponseTemplates: { 'application/json': '{"code":999}' } }),
    };
    await start(() => null, { extra });
    const missing = await get('/nowhere');
    expect([missing.status, missing.headers.get('retry-after'), await missing.json()]).toEqual([
      404,
      '5',
      { path: '/nowhere', said: 'Missing Authentication Token' },
    ]);
    const other = await get('/volumes/1');
    expect([other.status, await other.json()]).toEqual([502, { code: 999 }]);
  });

  it.each([
    ['a variable that the host does not know', { ResponseTemplates: { 'application/json': '$context.authorizer.claims' } }],
    ['a program', { ResponseTemplates: { 'application/json': '#set($x = 1)' } }],
    ['another type than JSON', { ResponseTemplates: { 'text/html': '<p>' } }],
    ['a header from the request', { ResponseParameters: { 'gatewayresponse.header.X': 'method.request.header.X' } }],
  ])('stop the boot when they have %s', async (_, rest) => {
    const extra = { Odd: { Type: 'AWS::ApiGateway::GatewayResponse', Properties: { ResponseType: 'DEFAULT_4XX', ...rest } } };
    await expect(start(() => ok, { extra })).rejects.toThrow('App/Odd');
  });
});

describe('an API that the host cannot run', () => {
  it.each([
    ['an authorizer', { AuthorizationType: 'AWS_IAM' }],
    ['API keys', { ApiKeyRequired: true }],
    ['mock integrations', { Integration: { Type: 'MOCK' } }],
    ['a timeout that API Gateway refuses', { Integration: { ...integration, TimeoutInMillis: 29_001 } }],
  ])('stops the boot: %s', async (_, given) => {
    await expect(start(() => ok, { extra: { Odd: method({ Ref: 'Volume' }, given) } })).rejects.toThrow(
      'App/Odd (AWS::ApiGateway::Method)',
    );
  });
});

describe('TLS', () => {
  it('serves the same API under a certificate made once and kept, its key for nobody else', async () => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    await start(() => ok, { tls: folder });
    const ca = readFileSync(join(folder, 'cert.pem'));
    const status = await new Promise((resolve, reject) => {
      tlsRequest(`${gateway.tlsUrl}/volumes/1`, { ca }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    expect(event().headers['X-Forwarded-Proto']).toBe('https');
    expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
    expect((await ownCertificate(folder)).cert).toBe(ca.toString());
  });
});
