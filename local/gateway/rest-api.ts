import * as z from 'zod';
import { awsLimits } from '../../core/limits.ts';
import type { Application, Resource } from '../assembly/application.ts';
import { AssemblyError } from '../assembly/load.ts';
import { readProperties } from '../assembly/read-properties.ts';
import { type OwnAnswers, ownAnswersOf } from './gateway-responses.ts';
import { type RouteNode, routeNode } from './routes.ts';

export interface Integration {
  /** The function's or alias's ARN. */
  readonly functionArn: string;
  readonly timeoutMs: number;
}

export interface RestApi {
  readonly id: string;
  readonly stageName: string;
  readonly stageVariables: Readonly<Record<string, string>> | null;
  readonly binaryMediaTypes: readonly string[];
  readonly root: RouteNode<Integration>;
  readonly ownAnswers: OwnAnswers;
}

const restApi = z.object({ BinaryMediaTypes: z.array(z.string()).default([]) });
const stage = z.object({ StageName: z.string(), Variables: z.record(z.string(), z.string()).optional() });
const resourceProperties = z.object({ ParentId: z.string(), PathPart: z.string() });

const method = z.object({
  HttpMethod: z.string(),
  ResourceId: z.string(),
  AuthorizationType: z.literal('NONE').default('NONE'),
  ApiKeyRequired: z.literal(false).default(false),
  RequestValidatorId: z.never().optional(),
  Integration: z.object({
    Type: z.literal('AWS_PROXY'),
    Uri: z.string().regex(/:lambda:path\/2015-03-31\/functions\/[^/]+\/invocations$/, 'only Lambda functions are integrated'),
    TimeoutInMillis: z
      .number()
      .max(awsLimits.apiIntegrationTimeoutSeconds * 1000)
      .default(awsLimits.apiIntegrationTimeoutSeconds * 1000),
  }),
});

function only(application: Application, type: 'AWS::ApiGateway::RestApi' | 'AWS::ApiGateway::Stage'): Resource | undefined {
  const [first, second] = application.ofType(type);
  if (second !== undefined) throw new AssemblyError(`${second.stackName}/${second.logicalId}: the host runs one ${type}`);
  return first;
}

function treeOf(application: Application, rootId: string): Map<string, RouteNode<Integration>> {
  const waiting = application
    .ofType('AWS::ApiGateway::Resource')
    .map((resource) => ({ ref: resource.ref, ...readProperties(resource, resourceProperties) }));
  const nodes = new Map([[rootId, routeNode<Integration>(rootId, '/')]]);
  for (const [parentId, parent] of nodes) {
    for (const { ref, PathPart } of waiting.filter(({ ParentId }) => ParentId === parentId)) {
      const node = routeNode<Integration>(ref, `${parent.resourcePath === '/' ? '' : parent.resourcePath}/${PathPart}`);
      parent.children.set(PathPart, node);
      nodes.set(ref, node);
    }
  }
  return nodes;
}

function functionArnOf(uri: string): string {
  return /functions\/([^/]+)\/invocations$/.exec(uri)?.[1] ?? '';
}

function addMethods(application: Application, nodes: ReadonlyMap<string, RouteNode<Integration>>): void {
  for (const resource of application.ofType('AWS::ApiGateway::Method')) {
    const { HttpMethod, ResourceId, Integration } = readProperties(resource, method);
    const node = nodes.get(ResourceId);
    if (node === undefined) throw new AssemblyError(`${resource.stackName}/${resource.logicalId}: its resource hangs nowhere in the API`);
    node.methods.set(HttpMethod, { functionArn: functionArnOf(Integration.Uri), timeoutMs: Integration.TimeoutInMillis });
  }
}

/**
 * The application's REST API; undefined if it has none. Throws `AssemblyError` for anything but Lambda proxy integrations without
 * authorizers, keys and validators.
 */
export function restApiOf(application: Application): RestApi | undefined {
  const api = only(application, 'AWS::ApiGateway::RestApi');
  const stageResource = only(application, 'AWS::ApiGateway::Stage');
  if (api === undefined || stageResource === undefined) return undefined;
  const { StageName, Variables } = readProperties(stageResource, stage);
  const nodes = treeOf(application, `${api.ref}root`);
  addMethods(application, nodes);
  const root = nodes.get(`${api.ref}root`);
  if (root === undefined) throw new AssemblyError(`${api.stackName}/${api.logicalId} has no root resource`);
  return {
    id: api.ref,
    stageName: StageName,
    stageVariables: Variables ?? null,
    binaryMediaTypes: readProperties(api, restApi).BinaryMediaTypes,
    root,
    ownAnswers: ownAnswersOf(application.ofType('AWS::ApiGateway::GatewayResponse')),
  };
}
