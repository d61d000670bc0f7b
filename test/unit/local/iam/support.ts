import { compilePolicies, type PolicyInput } from '../../../../local/iam/compile-policies.ts';
import type { PolicyResource } from '../../../../local/iam/identity-policies.ts';
import { AccessDenied, type AccessRequest } from '../../../../local/ports.ts';

export const ACCOUNT = '123456789012';
export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const tableArn = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/Tasks`;

export const trust = (Service: string | string[] = 'lambda.amazonaws.com') => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' },
});

/** A role `worker` with one inline policy of these statements. */
export function workerRole(statements: unknown, more: Record<string, unknown> = {}): PolicyResource {
  return {
    type: 'AWS::IAM::Role',
    name: 'worker',
    properties: {
      AssumeRolePolicyDocument: trust(),
      Policies: [{ PolicyName: 'inline', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
      ...more,
    },
  };
}

export const bareRole: PolicyResource = { type: 'AWS::IAM::Role', name: 'worker', properties: { AssumeRolePolicyDocument: trust() } };

export const callers = { WORKER: { roleArn: roleArn('worker'), service: 'lambda.amazonaws.com' } };

export const compiled = (input: Partial<PolicyInput>) => compilePolicies({ roles: [bareRole], resourcePolicies: [], callers, ...input });

/** Whether the caller `WORKER` may; the refusal's message if not. */
export function answer(input: Partial<PolicyInput>, request: Partial<AccessRequest> = {}): 'allowed' | string {
  const authorize = compiled(input);
  try {
    authorize({ caller: 'WORKER', action: 'dynamodb:PutItem', resource: tableArn, ...request });
    return 'allowed';
  } catch (error) {
    if (error instanceof AccessDenied) return error.message;
    throw error;
  }
}

export const isAllowed = (...args: Parameters<typeof answer>) => answer(...args) === 'allowed';

/** Whether a role with one statement may put into the table. */
export const statementAllows = (statement: Record<string, unknown>, request: Partial<AccessRequest> = {}) =>
  isAllowed({ roles: [workerRole([{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*', ...statement }])] }, request);
