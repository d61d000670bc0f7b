import * as z from 'zod';
import type { Resource } from '../assembly/application.ts';
import { AssemblyError } from '../assembly/load.ts';
import { readProperties } from '../assembly/read-properties.ts';

/** The answers that API Gateway gives by itself, with AWS's status and text unless the template says otherwise. */
const builtIn = {
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: 'Missing Authentication Token' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long' },
  REQUEST_HEADERS_TOO_LARGE: { status: 431, message: 'Request Header Fields Too Large' },
  API_CONFIGURATION_ERROR: { status: 500, message: 'Internal server error' },
  MALFORMED_PROXY_RESPONSE: { status: 502, message: 'Internal server error' },
  INTEGRATION_TIMEOUT: { status: 504, message: 'Endpoint request timed out' },
} as const;

export type OwnAnswer = keyof typeof builtIn;

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Buffer;
}

/** What a template may mention with `$context.`. */
export interface ErrorContext {
  readonly requestId: string;
  readonly path: string;
  readonly httpMethod: string;
}

export type OwnAnswers = (answer: OwnAnswer, context: ErrorContext) => GatewayAnswer;

const properties = z.object({
  ResponseType: z.string(),
  StatusCode: z.coerce.number().optional(),
  ResponseParameters: z.record(z.string(), z.string()).default({}),
  ResponseTemplates: z.record(z.string(), z.string()).default({}),
});

const jsonType = 'application/json';
const headerPrefix = 'gatewayresponse.header.';
const variable = /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g;

type Values = Readonly<Record<string, string>>;

const valuesOf = (answer: OwnAnswer, context: ErrorContext): Values => ({
  ...context,
  extendedRequestId: context.requestId,
  'error.message': builtIn[answer].message,
  'error.messageString': JSON.stringify(builtIn[answer].message),
  'error.responseType': answer,
});

const knownVariables = new Set(Object.keys(valuesOf('API_CONFIGURATION_ERROR', { requestId: '', path: '', httpMethod: '' })));

function refuseUnknownTemplate(resource: Resource, text: string): void {
  const place = `${resource.stackName}/${resource.logicalId}`;
  const unknown = [...text.matchAll(variable)].find(([, name]) => !knownVariables.has(name ?? ''));
  if (unknown !== undefined) throw new AssemblyError(`${place}: the host does not know ${unknown[0]} in a gateway response`);
  if (/#(set|if|else|foreach|end)\b|\$(input|util|stageVariables|method)\b/.test(text)) {
    throw new AssemblyError(`${place}: a gateway response may use $context variables only`);
  }
}

function headerOf(resource: Resource, [parameter, value]: readonly [string, string]): readonly [string, string] {
  if (parameter.startsWith(headerPrefix) && /^'[^']*'$/.test(value)) return [parameter.slice(headerPrefix.length), value.slice(1, -1)];
  throw new AssemblyError(`${resource.stackName}/${resource.logicalId}: the host knows only static headers, not ${parameter}=${value}`);
}

function read(resource: Resource) {
  const { ResponseType, StatusCode, ResponseParameters, ResponseTemplates } = readProperties(resource, properties);
  const { [jsonType]: template, ...others } = ResponseTemplates;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new AssemblyError(`${resource.stackName}/${resource.logicalId}: gateway responses are JSON, not ${other}`);
  if (template !== undefined) refuseUnknownTemplate(resource, template);
  const headers = Object.fromEntries(Object.entries(ResponseParameters).map((each) => headerOf(resource, each)));
  return [ResponseType, { status: StatusCode, headers, template }] as const;
}

/** Reads `AWS::ApiGateway::GatewayResponse`s; throws `AssemblyError` for templates that AWS would interpret and the host would not. */
export function ownAnswersOf(resources: readonly Resource[]): OwnAnswers {
  const given = new Map(resources.map(read));
  return (answer, context) => {
    const { status } = builtIn[answer];
    const chosen = given.get(answer) ?? given.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
    const values = valuesOf(answer, context);
    const template = chosen?.template ?? '{"message":$context.error.messageString}';
    return {
      status: chosen?.status ?? status,
      headers: { 'Content-Type': jsonType, 'x-amzn-ErrorType': answer, ...chosen?.headers },
      body: template.replaceAll(variable, (_, name: string) => values[name] ?? ''),
    };
  };
}
