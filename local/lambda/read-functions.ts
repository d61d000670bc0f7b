import * as z from 'zod';
import { accessKeyOf } from '../access-keys.ts';
import type { Application } from '../assembly/application.ts';
import { functionNameOf } from '../assembly/identity.ts';
import { readProperties } from '../assembly/read-properties.ts';
import type { FunctionSpec } from './function-spec.ts';

export interface FunctionsOptions {
  readonly region: string;
  readonly accountId: string;
  /** URLs of the host's endpoints, by the SDK's names: `AWS_ENDPOINT_URL_<name>`. */
  readonly endpoints: Readonly<Record<string, string>>;
}

const properties = z.object({
  Runtime: z.string().startsWith('nodejs'),
  Handler: z.string(),
  Role: z.string(),
  MemorySize: z.number().default(128),
  Timeout: z.number().default(3),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).default({ Variables: {} }),
});

const eventInvokeConfig = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.string(),
  MaximumRetryAttempts: z.number().default(2),
  MaximumEventAgeInSeconds: z.number().optional(),
});

type Properties = z.infer<typeof properties>;

function environmentOf(name: string, { Environment, MemorySize }: Properties, options: FunctionsOptions): Record<string, string> {
  const endpoints = Object.entries(options.endpoints).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url] as const);
  return {
    ...Environment.Variables,
    ...Object.fromEntries(endpoints),
    AWS_REGION: options.region,
    AWS_DEFAULT_REGION: options.region,
    AWS_ACCESS_KEY_ID: accessKeyOf(name),
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    TZ: ':UTC',
  };
}

/** ARNs in methods, rules, machines and event sources: what a service calls by itself, rather than another function. */
function calledByServices(application: Application): string {
  const callers = application.ofType(
    'AWS::ApiGateway::Method',
    'AWS::Events::Rule',
    'AWS::Lambda::EventSourceMapping',
    'AWS::StepFunctions::StateMachine',
  );
  return JSON.stringify(callers.map(({ properties: given }) => given));
}

function qualifiedArns(application: Application): Map<string, string[]> {
  const arns = new Map<string, string[]>();
  for (const { ref } of application.ofType('AWS::Lambda::Alias', 'AWS::Lambda::Version')) {
    const name = functionNameOf(ref);
    arns.set(name, [...(arns.get(name) ?? []), ref]);
  }
  return arns;
}

function eventRetries(application: Application): Map<string, number> {
  const configs = application.ofType('AWS::Lambda::EventInvokeConfig').map((resource) => readProperties(resource, eventInvokeConfig));
  return new Map(configs.map(({ FunctionName, MaximumRetryAttempts }) => [functionNameOf(FunctionName), MaximumRetryAttempts]));
}

/**
 * The functions of the application. A function that only other functions invoke, as a driver is, runs isolated: a hanging array then
 * costs no other invocation its worker.
 */
export function functionsOf(application: Application, options: FunctionsOptions): FunctionSpec[] {
  const called = calledByServices(application);
  const qualified = qualifiedArns(application);
  const retries = eventRetries(application);
  return application.ofType('AWS::Lambda::Function').map((resource) => {
    const { name, assetFolder = '' } = resource;
    const given = readProperties(resource, properties);
    const arn = `arn:aws:lambda:${options.region}:${options.accountId}:function:${name}`;
    return {
      name,
      arn,
      accessKeyId: accessKeyOf(name),
      roleArn: given.Role,
      folder: assetFolder,
      handler: given.Handler,
      memoryMb: given.MemorySize,
      timeoutSeconds: given.Timeout,
      environment: environmentOf(name, given, options),
      qualifiedArns: qualified.get(name) ?? [],
      eventRetries: retries.get(name) ?? 2,
      isIsolated: !new RegExp(`${arn}[:"/]`).test(called),
    };
  });
}
