import * as z from 'zod';
import { type PlacedStatement, type Principal, parseAs, parseDocument } from './document.ts';
import type { PolicyResource } from './identity-policies.ts';
import { glob, type Matches } from './patterns.ts';
import { PolicyError } from './policy-error.ts';
import { compileStatement, type Question, type Statement } from './statements.ts';

interface RoleAsker {
  kind: 'role';
  roleArn: string;
  accountId: string;
}

/** Who asks: a role of the account, or a service of AWS. */
export type Asker = RoleAsker | { kind: 'service'; service: string };

export interface ResourceStatement {
  effect: Statement['effect'];
  applies(asker: Asker, question: Question): boolean;
}

type Names = (asker: Asker) => boolean;

/** Naming the account leaves it to the policies of its roles: it allows nothing by itself, but it denies. */
function namesRole(aws: string, effect: Statement['effect']) {
  return (asker: RoleAsker): boolean => {
    if (aws === '*' || aws === asker.roleArn) return true;
    return effect === 'Deny' && (aws === asker.accountId || aws === `arn:aws:iam::${asker.accountId}:root`);
  };
}

function compilePrincipal(place: string, principal: Principal | undefined, effect: Statement['effect']): Names {
  if (principal === undefined) throw new PolicyError(place, 'a policy of a resource needs a Principal');
  if (principal === '*') return () => true;
  const roles = (principal.AWS ?? []).map((aws) => namesRole(aws, effect));
  const services = new Set(principal.Service ?? []);
  return (asker) => (asker.kind === 'service' ? services.has(asker.service) : roles.some((names) => names(asker)));
}

function compile(placed: PlacedStatement, protects: Matches): ResourceStatement {
  const { effect, applies } = compileStatement(placed);
  const names = compilePrincipal(placed.place, placed.raw.Principal, effect);
  return { effect, applies: (asker, question) => protects(question.resource) && names(asker) && applies(question) };
}

const permissionProperties = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceAccount: z.string().optional(),
  SourceArn: z.string().optional(),
});

const isService = (principal: string) => principal.endsWith('.amazonaws.com');

/** A function by name means its unqualified ARN, in any region and account. */
const functionArn = (name: string) => (name.startsWith('arn:') ? name : `arn:aws:lambda:*:*:function:${name}`);

function permission(place: string, { properties }: PolicyResource): ResourceStatement[] {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = parseAs(permissionProperties, place, properties);
  const raw = {
    Effect: 'Allow' as const,
    Principal: isService(Principal) ? { Service: [Principal] } : { AWS: [Principal] },
    Action: [Action],
    Resource: [functionArn(FunctionName)],
    Condition: {
      ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': [SourceArn] } }),
      ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': [SourceAccount] } }),
    },
  };
  return [compile({ place, raw }, () => true)];
}

const queuePolicyProperties = z.strictObject({ PolicyDocument: z.unknown(), Queues: z.array(z.string()) });

function queuePolicy(place: string, { properties }: PolicyResource): ResourceStatement[] {
  const { PolicyDocument, Queues } = parseAs(queuePolicyProperties, place, properties);
  const queues = Queues.map((url) => glob(`arn:aws:sqs:*:*:${url.slice(url.lastIndexOf('/') + 1)}`));
  const protects: Matches = (resource) => queues.some((matches) => matches(resource));
  return parseDocument(place, PolicyDocument).map((placed) => compile(placed, protects));
}

const secretPolicyProperties = z.strictObject({
  BlockPublicPolicy: z.unknown().optional(),
  ResourcePolicy: z.unknown(),
  SecretId: z.string(),
});

function secretPolicy(place: string, { properties }: PolicyResource): ResourceStatement[] {
  const { ResourcePolicy, SecretId } = parseAs(secretPolicyProperties, place, properties);
  const protects = glob(SecretId.startsWith('arn:') ? SecretId : `arn:aws:secretsmanager:*:*:secret:${SecretId}-??????`);
  return parseDocument(place, ResourcePolicy).map((placed) => compile(placed, protects));
}

const compilers: ReadonlyMap<string, (place: string, resource: PolicyResource) => ResourceStatement[]> = new Map([
  ['AWS::Lambda::Permission', permission],
  ['AWS::SQS::QueuePolicy', queuePolicy],
  ['AWS::SecretsManager::ResourcePolicy', secretPolicy],
]);

/** What the resources themselves allow and deny. Throws `PolicyError`. */
export function compileResourcePolicies(resources: readonly PolicyResource[]): ResourceStatement[] {
  return resources.flatMap((resource) => {
    const place = `${resource.type} ${resource.name}`;
    const compiler = compilers.get(resource.type);
    if (compiler === undefined) throw new PolicyError(place, 'policies of such a resource are not supported');
    return compiler(place, resource);
  });
}
