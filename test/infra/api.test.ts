import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { gatewayAnswers } from '../../cdk/constructs/gateway-responses.ts';
import { errorBody } from '../../core/errors.ts';
import { build, type Context, propertiesOf, resourcesOf, text } from './synth.ts';

const node = z.looseObject({ PathPart: z.string(), ParentId: z.looseObject({ Ref: z.string().optional() }) });
const method = z.looseObject({
  HttpMethod: z.string(),
  AuthorizationType: z.string(),
  ResourceId: z.looseObject({ Ref: z.string().optional() }),
  Integration: z.looseObject({ Type: z.string(), Uri: z.unknown() }),
});

const methodsOf = (context: Context = {}) => {
  const resources = resourcesOf('Application', context);
  const nodes = new Map(propertiesOf(resources, 'AWS::ApiGateway::Resource', node));
  const pathOf = (id: string | undefined): string => {
    const found = id === undefined ? undefined : nodes.get(id);
    return found === undefined ? '' : `${pathOf(found.ParentId.Ref)}/${found.PathPart}`;
  };
  return propertiesOf(resources, 'AWS::ApiGateway::Method', method).map(([, each]) => ({
    ...each,
    path: pathOf(each.ResourceId.Ref) || '/',
    function: /"(\w+?)Live/.exec(text(each.Integration.Uri))?.[1],
  }));
};

/** Which function API Gateway would choose: the longest literal match, then the method before ANY. */
const functionFor = (verb: string, path: string): string | undefined => {
  const matches = (pattern: string): boolean => {
    const source = pattern.replace(/\{proxy\+\}/, '.+').replace(/\{[^}]+\}/g, '[^/]+');
    return new RegExp(`^${source}$`).test(path);
  };
  const found = methodsOf().filter((each) => matches(each.path) && ['ANY', verb].includes(each.HttpMethod));
  const rank = (each: { path: string; HttpMethod: string }) =>
    (each.path.includes('{proxy+}') ? 0 : 1000) + each.path.replace(/\{.*?\}/g, '').length * 2 + (each.HttpMethod === 'ANY' ? 0 : 1);
  return found.toSorted((a, b) => rank(b) - rank(a))[0]?.function;
};

describe('the API', () => {
  it.each([
    ['GET', '/login', 'Auth'],
    ['POST', '/login', 'Api'],
    ['GET', '/login/anything', 'Api'],
    ['GET', '/vdc', 'Api'],
    ['GET', '/vdc/storage-systems', 'Api'],
    ['GET', '/vdc/storage-providers', 'Providers'],
    ['POST', '/vdc/storage-providers', 'Api'],
    ['GET', '/vdc/storage-providers/urn:1', 'Api'],
    ['POST', '/vdc/storage-providers/urn:1/deactivate', 'Providers'],
    ['GET', '/vdc/storage-providers/urn:1/tasks/2', 'Api'],
    ['GET', '/', 'Api'],
    ['DELETE', '/block/volumes/urn:1', 'Api'],
  ])('sends %s %s to %s', (verb, path, expected) => {
    expect(functionFor(verb, path)).toBe(expected);
  });

  it('has proxy integrations and no authorizer: every function checks the token', () => {
    for (const each of methodsOf()) {
      expect(each.Integration.Type).toBe('AWS_PROXY');
      expect(each.AuthorizationType).toBe('NONE');
    }
  });

  it('refuses two names for one place in a path', () => {
    const routes = [
      { method: 'GET', path: '/hosts/{id}', function: 'auth' },
      { method: 'GET', path: '/hosts/{hostId}/tasks', function: 'auth' },
    ] as const;
    expect(() => build({}, routes)).toThrow('{hostId} and {id} name the same place');
  });

  it('refuses a route that is listed twice', () => {
    const route = { method: 'GET', path: '/login', function: 'auth' } as const;
    expect(() => build({}, [route, route])).toThrow('route GET /login is listed twice');
  });

  it('logs each request as JSON without what it carried, and limits the rate', () => {
    const [stage] = propertiesOf(
      resourcesOf('Application'),
      'AWS::ApiGateway::Stage',
      z.looseObject({
        StageName: z.string(),
        AccessLogSetting: z.looseObject({ Format: z.string() }),
        MethodSettings: z.tuple([z.looseObject({ DataTraceEnabled: z.boolean(), ThrottlingRateLimit: z.number() })]),
      }),
    );
    const format = z.record(z.string(), z.string()).parse(JSON.parse(stage?.[1].AccessLogSetting.Format ?? ''));
    expect(Object.values(format).filter((value) => /header|querystring|body/i.test(value))).toEqual([]);
    expect(stage?.[1].MethodSettings[0].DataTraceEnabled).toBe(false);
    expect(stage?.[1].MethodSettings[0].ThrottlingRateLimit).toBeGreaterThan(0);
  });

  it('may call the three functions by their alias, from this API alone', () => {
    const permissions = propertiesOf(
      resourcesOf('Application'),
      'AWS::Lambda::Permission',
      z.looseObject({ Principal: z.string(), FunctionName: z.object({ Ref: z.string() }), SourceArn: z.unknown() }),
    ).filter(([, each]) => each.Principal === 'apigateway.amazonaws.com');
    expect(permissions.map(([, each]) => each.FunctionName.Ref.replace(/Live.*/, '')).toSorted()).toEqual(['Api', 'Auth', 'Providers']);
    for (const [, each] of permissions) expect(text(each.SourceArn)).toContain('{"Ref":"RestApi');
  });

  it('is reached only through the given endpoints when it is private', () => {
    const resources = resourcesOf('Application', { endpoint: 'private', vpcEndpointIds: 'vpce-0123abcd' });
    const [api] = propertiesOf(
      resources,
      'AWS::ApiGateway::RestApi',
      z.looseObject({ EndpointConfiguration: z.unknown(), Policy: z.unknown() }),
    );
    expect(api?.[1].EndpointConfiguration).toEqual({ Types: ['PRIVATE'], VpcEndpointIds: ['vpce-0123abcd'] });
    expect(text(api?.[1].Policy)).toContain('"Effect":"Deny"');
    expect(text(api?.[1].Policy)).toContain('{"StringNotEquals":{"aws:SourceVpce":["vpce-0123abcd"]}}');
  });

  it('answers at the root of its own domain', () => {
    const context = {
      domainName: 'storage.example.com',
      certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/1',
      hostedZone: { id: 'Z1', name: 'example.com' },
      apiGatewayAccountRole: 'false',
    };
    const resources = resourcesOf('Application', context);
    const mappings = propertiesOf(resources, 'AWS::ApiGateway::BasePathMapping', z.looseObject({ BasePath: z.string().optional() }));
    expect(mappings.map(([, each]) => each.BasePath)).toEqual([undefined]);
    expect(Object.values(resources).filter((each) => each.Type === 'AWS::Route53::RecordSet')).toHaveLength(1);
    expect(Object.values(resources).filter((each) => each.Type === 'AWS::ApiGateway::Account')).toHaveLength(0);
  });
});

describe('what API Gateway answers by itself', () => {
  it.each(gatewayAnswers.map((answer) => [answer.type.responseType, answer] as const))('%s is an error as our own', (type, answer) => {
    const code = (
      {
        DEFAULT_4XX: 'request.invalid',
        DEFAULT_5XX: 'internal.unexpected',
        THROTTLED: 'service.throttled',
        REQUEST_TOO_LARGE: 'request.tooLarge',
        MISSING_AUTHENTICATION_TOKEN: 'route.unknown',
        RESOURCE_NOT_FOUND: 'route.unknown',
        ACCESS_DENIED: 'access.denied',
      } as const
    )[type as string];
    expect(answer.body).toEqual(errorBody(code ?? 'service.busy', answer.body.details));
  });

  it('says nothing of the request, and when to come back if that helps', () => {
    for (const answer of gatewayAnswers) {
      expect(text(answer.body)).not.toContain('$');
      if (answer.body.retryable) expect(answer.retryAfterSeconds).toBeGreaterThan(0);
    }
  });
});
