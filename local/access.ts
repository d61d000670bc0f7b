import { randomUUID } from 'node:crypto';
import type { Application, Resource } from './assembly/application.ts';
import type { Machine } from './assembly/machines.ts';
import { compilePolicies } from './iam/compile-policies.ts';
import type { FunctionSpec } from './lambda/function-spec.ts';
import { AccessDenied, type Authorize } from './ports.ts';

export interface Access {
  /** Denies everybody but the operator until the policies are read. */
  readonly authorize: Authorize;
  /** The key of the host itself, which may do everything; nobody else knows it. */
  readonly operatorKey: string;
  /** Throws `PolicyError` for policies that the host cannot evaluate. */
  read(application: Application, actors: Actors): void;
}

export interface Actors {
  readonly functions: readonly FunctionSpec[];
  readonly machines: readonly Machine[];
}

const policyResource = ({ type, name, ref, properties }: Resource) => ({ type, name, ref, properties });

export function createAccess(): Access {
  const operatorKey = `AKIALOCAL-operator-${randomUUID()}`;
  let decide: Authorize = ({ action }) => {
    throw new AccessDenied(`${action} is denied until the host has read its policies`);
  };
  return {
    operatorKey,
    authorize: (request) => {
      if (request.caller !== operatorKey) decide(request);
    },
    read(application, { functions, machines }) {
      const callers = [
        ...functions.map(({ accessKeyId, roleArn }) => [accessKeyId, { roleArn, service: 'lambda.amazonaws.com' }] as const),
        ...machines.map(({ key, roleArn }) => [key, { roleArn, service: 'states.amazonaws.com' }] as const),
      ];
      decide = compilePolicies({
        roles: application.ofType('AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').map(policyResource),
        resourcePolicies: application
          .ofType('AWS::Lambda::Permission', 'AWS::SQS::QueuePolicy', 'AWS::SecretsManager::ResourcePolicy')
          .map(policyResource),
        callers: Object.fromEntries(callers),
      });
    },
  };
}
