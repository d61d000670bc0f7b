import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Config } from '../config.ts';
import { grantWildcard } from './acknowledge.ts';
import type { FunctionSpec, Use } from './function-specs.ts';
import type { NodeFunction } from './node-function.ts';

/** What a function can be given. A part that does not exist yet is empty; none of its users is made before it. */
export interface Surroundings {
  readonly config: Config;
  readonly rootSecret: ISecret;
  readonly jobs: Queue;
  readonly deadJobs: Queue;
  readonly driverTypes: readonly string[];
  readonly drivers: Readonly<Record<string, NodeFunction>>;
  readonly machines: Readonly<Record<string, StateMachine>>;
}

interface UseRule {
  readonly environment: (around: Surroundings) => Readonly<Record<string, string>>;
  readonly grant: (role: Role, around: Surroundings, spec: FunctionSpec) => void;
}

const allow = (role: Role, actions: readonly string[], resources: readonly string[]): void => {
  role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
};

const mapValues = <T>(record: Readonly<Record<string, T>>, value: (each: T) => string): string =>
  JSON.stringify(Object.fromEntries(Object.entries(record).map(([key, each]) => [key, value(each)])));

const secretPrefix = (config: Config): string => `patina/${config.stage}`;

const arraySecretsArn = (role: Role, config: Config, driverType: string): string =>
  Stack.of(role).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretPrefix(config)}/${driverType}/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const executionsArn = (machine: StateMachine): string =>
  Stack.of(machine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const grantExecutions = (role: Role, machines: Surroundings['machines'], action: string): void => {
  for (const machine of Object.values(machines))
    grantWildcard(role, {
      actions: [action],
      resource: executionsArn(machine),
      reason: 'An execution is named after its operation; only executions of this machine are covered',
    });
};

const secretReason = 'A secret is made when an array is registered; its name ends in the id that it gets then';

export const uses: Readonly<Record<Use, UseRule>> = {
  readRootSecret: {
    environment: ({ rootSecret }) => ({ ROOT_SECRET_ARN: rootSecret.secretArn }),
    grant: (role, { rootSecret }) => allow(role, ['secretsmanager:GetSecretValue'], [rootSecret.secretArn]),
  },
  writeArraySecrets: {
    environment: ({ config }) => ({ SECRET_PREFIX: secretPrefix(config) }),
    grant: (role, { config, driverTypes }) => {
      const actions = ['CreateSecret', 'PutSecretValue', 'DeleteSecret', 'TagResource'].map((action) => `secretsmanager:${action}`);
      for (const type of driverTypes) grantWildcard(role, { actions, resource: arraySecretsArn(role, config, type), reason: secretReason });
    },
  },
  readArraySecrets: {
    environment: ({ config }) => ({ SECRET_PREFIX: secretPrefix(config) }),
    grant: (role, { config }, { driverType = '' }) =>
      grantWildcard(role, {
        actions: ['secretsmanager:GetSecretValue'],
        resource: arraySecretsArn(role, config, driverType),
        reason: secretReason,
      }),
  },
  invokeDrivers: {
    environment: ({ drivers }) => ({ DRIVER_FUNCTIONS: mapValues(drivers, (driver) => driver.alias.functionArn) }),
    grant: (role, { drivers }) =>
      allow(
        role,
        ['lambda:InvokeFunction'],
        Object.values(drivers).map((driver) => driver.alias.functionArn),
      ),
  },
  startMachines: {
    environment: ({ machines }) => ({ STATE_MACHINES: mapValues(machines, (machine) => machine.stateMachineArn) }),
    grant: (role, { machines }) =>
      allow(
        role,
        ['states:StartExecution'],
        Object.values(machines).map((machine) => machine.stateMachineArn),
      ),
  },
  describeExecutions: {
    environment: () => ({}),
    grant: (role, { machines }) => grantExecutions(role, machines, 'states:DescribeExecution'),
  },
  redriveExecutions: {
    environment: () => ({}),
    grant: (role, { machines }) => grantExecutions(role, machines, 'states:RedriveExecution'),
  },
  exchangeJobs: {
    environment: ({ jobs, deadJobs }) => ({ JOBS_QUEUE_URL: jobs.queueUrl, DEAD_JOBS_QUEUE_URL: deadJobs.queueUrl }),
    grant: (role, { jobs, deadJobs }) => {
      allow(
        role,
        ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'].map(
          (action) => `sqs:${action}`,
        ),
        [jobs.queueArn],
      );
      allow(
        role,
        ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `sqs:${action}`),
        [deadJobs.queueArn],
      );
    },
  },
  reachArrays: {
    environment: ({ config }) => ({ ARRAY_CIDRS: config.arrayCidrs.join(',') }),
    grant: () => undefined,
  },
};
