import { AccessDenied, type AccessRequest, type Authorize } from '../ports.ts';
import type { Context } from './conditions.ts';
import { compileRoles, type PolicyResource, type Role } from './identity-policies.ts';
import { PolicyError } from './policy-error.ts';
import { type Asker, compileResourcePolicies, type ResourceStatement } from './resource-policies.ts';
import type { Question } from './statements.ts';

export interface ActsAs {
  roleArn: string;
  /** The service that runs the caller, such as `lambda.amazonaws.com`; the role must trust it. */
  service: string;
}

export interface PolicyInput {
  /** `AWS::IAM::Role`, `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy`. */
  roles: readonly PolicyResource[];
  /** `AWS::Lambda::Permission`, `AWS::SQS::QueuePolicy` and `AWS::SecretsManager::ResourcePolicy`. */
  resourcePolicies: readonly PolicyResource[];
  /** By access key id. A service that acts for itself, such as EventBridge, calls by its name, `events.amazonaws.com`. */
  callers: Readonly<Record<string, ActsAs>>;
}

interface Caller {
  asker: Asker;
  /** As a refusal names the caller. */
  arn: string;
  role: Role | undefined;
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function compileCaller(key: string, { roleArn, service }: ActsAs, roles: ReadonlyMap<string, Role>): Caller {
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const role = roles.get(name);
  if (role === undefined) throw new PolicyError(`caller ${key}`, `there is no role ${name}`);
  if (!role.trusted.has(service)) throw new PolicyError(`role ${name}`, `it does not trust ${service}`);
  const accountId = accountOf(roleArn);
  return { asker: { kind: 'role', roleArn, accountId }, arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${key}`, role };
}

const serviceCaller = (service: string): Caller => ({ asker: { kind: 'service', service }, arn: service, role: undefined });

/** What AWS itself adds to a request. All calls on one machine count as made over TLS. */
function ownContext({ asker }: Caller, { resource, context }: AccessRequest): Record<string, string> {
  const sourceArn = [context?.['aws:SourceArn'] ?? []].flat()[0];
  return {
    'aws:SecureTransport': 'true',
    'aws:ResourceAccount': accountOf(resource),
    'aws:PrincipalIsAWSService': String(asker.kind === 'service'),
    ...(asker.kind === 'role'
      ? { 'aws:PrincipalArn': asker.roleArn, 'aws:PrincipalAccount': asker.accountId }
      : { 'aws:PrincipalServiceName': asker.service }),
    ...(sourceArn === undefined ? {} : { 'aws:SourceAccount': accountOf(sourceArn) }),
  };
}

function contextOf(caller: Caller, request: AccessRequest): Context {
  const entries = Object.entries({ ...ownContext(caller, request), ...request.context });
  return new Map(entries.map(([key, value]) => [key.toLowerCase(), [value].flat()]));
}

interface Verdicts {
  identity: ReadonlySet<'Allow' | 'Deny'>;
  resource: ReadonlySet<'Allow' | 'Deny'>;
}

function verdicts(caller: Caller, question: Question, policies: readonly ResourceStatement[]): Verdicts {
  const identity = caller.role?.statements.filter((statement) => statement.applies(question)) ?? [];
  const resource = policies.filter((statement) => statement.applies(caller.asker, question));
  return { identity: new Set(identity.map(({ effect }) => effect)), resource: new Set(resource.map(({ effect }) => effect)) };
}

/** Why AWS would refuse; undefined if it would not. One side's permission is enough within an account, one side's denial as well. */
function reasonToRefuse({ identity, resource }: Verdicts, caller: Caller, action: string): string | undefined {
  if (identity.has('Deny')) return 'with an explicit deny in an identity-based policy';
  if (resource.has('Deny')) return 'with an explicit deny in a resource-based policy';
  if (identity.has('Allow') || resource.has('Allow')) return undefined;
  return `because no ${caller.role === undefined ? 'resource' : 'identity'}-based policy allows the ${action} action`;
}

const isService = (caller: string) => caller.endsWith('.amazonaws.com');

/**
 * Turns the template's policies into one decision. Throws `PolicyError` for grammar that is not evaluated here, so that nothing is allowed or
 * denied by being misread. The result throws `AccessDenied`, also for callers it does not know.
 */
export function compilePolicies(input: PolicyInput): Authorize {
  const roles = compileRoles(input.roles);
  const policies = compileResourcePolicies(input.resourcePolicies);
  const callers = new Map(Object.entries(input.callers).map(([key, actsAs]) => [key, compileCaller(key, actsAs, roles)]));
  return (request) => {
    const { action, resource } = request;
    const caller = callers.get(request.caller) ?? (isService(request.caller) ? serviceCaller(request.caller) : undefined);
    if (caller === undefined) throw new AccessDenied(`The access key ${request.caller} belongs to nobody`);
    const question = { action, resource, context: contextOf(caller, request) };
    const reason = reasonToRefuse(verdicts(caller, question, policies), caller, action);
    if (reason === undefined) return;
    throw new AccessDenied(`User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`);
  };
}
