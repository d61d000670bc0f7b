import * as z from 'zod';
import { type PlacedStatement, parseAs, parseDocument } from './document.ts';
import { awsManagedPolicies } from './managed-policies.ts';
import { PolicyError } from './policy-error.ts';
import { compileStatement, type Statement } from './statements.ts';

/** A resource of the template, with its physical name and its properties resolved. `ref` is the ARN of a managed policy. */
export interface PolicyResource {
  readonly type: string;
  readonly name: string;
  readonly ref?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Role {
  name: string;
  /** Services that may act as the role. */
  trusted: ReadonlySet<string>;
  statements: readonly Statement[];
}

const roleProperties = z.strictObject({
  AssumeRolePolicyDocument: z.unknown(),
  Description: z.unknown().optional(),
  ManagedPolicyArns: z.array(z.string()).default([]),
  MaxSessionDuration: z.unknown().optional(),
  Path: z.unknown().optional(),
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: z.unknown() })).default([]),
  RoleName: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

const policyProperties = z.strictObject({
  PolicyName: z.unknown().optional(),
  ManagedPolicyName: z.unknown().optional(),
  Description: z.unknown().optional(),
  Path: z.unknown().optional(),
  PolicyDocument: z.unknown(),
  Roles: z.array(z.string()).default([]),
});

function identityStatements(place: string, document: unknown): Statement[] {
  return parseDocument(place, document).map((placed) => {
    if (placed.raw.Principal !== undefined) throw new PolicyError(placed.place, 'a policy of a role has no Principal');
    return compileStatement(placed);
  });
}

interface Attached {
  roles: readonly string[];
  ref: string | undefined;
  statements: readonly Statement[];
}

function attached({ type, name, ref, properties }: PolicyResource): Attached {
  const place = `${type} ${name}`;
  const { Roles, PolicyDocument } = parseAs(policyProperties, place, properties);
  return { roles: Roles, ref, statements: identityStatements(place, PolicyDocument) };
}

const AWS_MANAGED = /^arn:aws:iam::aws:policy\/(.+)$/;

function managed(place: string, arn: string, ours: readonly Attached[]): readonly Statement[] {
  const own = ours.find((policy) => policy.ref === arn);
  if (own !== undefined) return own.statements;
  const document = awsManagedPolicies.get(AWS_MANAGED.exec(arn)?.[1] ?? '');
  if (document === undefined) throw new PolicyError(place, `the managed policy ${arn} is not known`);
  return identityStatements(`${place}, policy ${arn}`, document);
}

function trustedServices({ place, raw }: PlacedStatement): string[] {
  const { Principal: principal } = raw;
  if (raw.Effect !== 'Allow' || principal === undefined || principal === '*' || principal.Service === undefined)
    throw new PolicyError(place, 'only trust in services is supported');
  return principal.Service;
}

function compileRole({ name, properties }: PolicyResource, policies: readonly Attached[]): Role {
  const place = `role ${name}`;
  const role = parseAs(roleProperties, place, properties);
  return {
    name,
    trusted: new Set(parseDocument(`${place}, trust`, role.AssumeRolePolicyDocument).flatMap(trustedServices)),
    statements: [
      ...role.Policies.flatMap((policy) => identityStatements(`${place}, policy ${policy.PolicyName}`, policy.PolicyDocument)),
      ...role.ManagedPolicyArns.flatMap((arn) => managed(place, arn, policies)),
      ...policies.filter(({ roles }) => roles.includes(name)).flatMap(({ statements }) => statements),
    ],
  };
}

/** The roles by name, with all that is attached to them. Throws `PolicyError`. */
export function compileRoles(resources: readonly PolicyResource[]): ReadonlyMap<string, Role> {
  const ofType = (...types: string[]) => resources.filter(({ type }) => types.includes(type));
  const policies = ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').map(attached);
  const roles = new Map(ofType('AWS::IAM::Role').map((role) => [role.name, compileRole(role, policies)]));
  const homeless = policies.flatMap((policy) => policy.roles).find((name) => !roles.has(name));
  if (homeless !== undefined) throw new PolicyError(`role ${homeless}`, 'a policy is attached to it, but it does not exist');
  return roles;
}
