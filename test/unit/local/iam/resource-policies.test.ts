import { describe, expect, it } from 'vitest';
import { answer, bareRole, callers, compiled, isAllowed, roleArn, workerRole } from './support.ts';

const functionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:events';
const ruleArn = 'arn:aws:events:eu-central-1:123456789012:rule/Tick';
const queueArn = 'arn:aws:sqs:eu-central-1:123456789012:jobs.fifo';
const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf';

const permission = (properties: Record<string, unknown>) => ({
  type: 'AWS::Lambda::Permission',
  name: 'permission',
  properties: { Action: 'lambda:InvokeFunction', FunctionName: functionArn, Principal: 'events.amazonaws.com', ...properties },
});

const invoke = { caller: 'events.amazonaws.com', action: 'lambda:InvokeFunction', resource: functionArn };

describe('a permission of a function', () => {
  it('lets the service in that it names, and no other', () => {
    const resourcePolicies = [permission({})];
    expect(isAllowed({ resourcePolicies }, invoke)).toBe(true);
    expect(answer({ resourcePolicies }, { ...invoke, caller: 'apigateway.amazonaws.com' })).toBe(
      `User: apigateway.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn} ` +
        'because no resource-based policy allows the lambda:InvokeFunction action',
    );
  });

  it('covers the qualified function only when it says so', () => {
    expect(isAllowed({ resourcePolicies: [permission({})] }, { ...invoke, resource: `${functionArn}:live` })).toBe(false);
    const live = permission({ FunctionName: `${functionArn}:live` });
    expect(isAllowed({ resourcePolicies: [live] }, { ...invoke, resource: `${functionArn}:live` })).toBe(true);
    expect(isAllowed({ resourcePolicies: [permission({ FunctionName: 'events' })] }, invoke)).toBe(true);
  });

  it('may be for one source only', () => {
    const resourcePolicies = [permission({ SourceArn: ruleArn, SourceAccount: '123456789012' })];
    const from = (arn: string) => ({ ...invoke, context: { 'aws:SourceArn': arn } });
    expect(isAllowed({ resourcePolicies }, from(ruleArn))).toBe(true);
    expect(isAllowed({ resourcePolicies }, from(`${ruleArn}2`))).toBe(false);
    expect(isAllowed({ resourcePolicies }, from(ruleArn.replace('123456789012', '1')))).toBe(false);
    expect(isAllowed({ resourcePolicies }, invoke)).toBe(false);
  });

  it('may let a role in by itself, as the policy of the role may', () => {
    const asWorker = { ...invoke, caller: 'WORKER' };
    expect(isAllowed({ resourcePolicies: [permission({ Principal: roleArn('worker') })] }, asWorker)).toBe(true);
    expect(isAllowed({ resourcePolicies: [permission({})] }, asWorker)).toBe(false);
    const roles = [workerRole([{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn }])];
    expect(isAllowed({ roles }, asWorker)).toBe(true);
  });

  it('is refused at boot when it has properties that are not evaluated', () => {
    expect(() => compiled({ resourcePolicies: [permission({ PrincipalOrgID: 'o-1' })] })).toThrow(
      /^AWS::Lambda::Permission permission: .*PrincipalOrgID/,
    );
  });
});

const queuePolicy = (statement: Record<string, unknown>) => ({
  type: 'AWS::SQS::QueuePolicy',
  name: 'policy',
  properties: {
    Queues: ['http://127.0.0.1:1234/123456789012/jobs.fifo'],
    PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*', ...statement }] },
  },
});

const send = { caller: 'events.amazonaws.com', action: 'sqs:SendMessage', resource: queueArn };

describe('a policy of a queue', () => {
  it('speaks for its own queues only', () => {
    const resourcePolicies = [queuePolicy({ Principal: { Service: 'events.amazonaws.com' } })];
    expect(isAllowed({ resourcePolicies }, send)).toBe(true);
    expect(isAllowed({ resourcePolicies }, { ...send, resource: `${queueArn}x` })).toBe(false);
  });

  it('may refuse all that comes without TLS, and calls count as made over TLS', () => {
    const insecure = { Bool: { 'aws:SecureTransport': 'false' } };
    const resourcePolicies = [
      queuePolicy({ Principal: '*' }),
      queuePolicy({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sqs:*', Condition: insecure }),
    ];
    const asWorker = { ...send, caller: 'WORKER' };
    expect(isAllowed({ resourcePolicies }, asWorker)).toBe(true);
    expect(answer({ resourcePolicies }, { ...asWorker, context: { 'aws:SecureTransport': 'false' } })).toMatch(
      / with an explicit deny in a resource-based policy$/,
    );
  });

  it.each(['arn:aws:iam::123456789012:root', '123456789012'])(
    'that names the account %s leaves it to the roles, but denies them',
    (AWS) => {
      const asWorker = { ...send, caller: 'WORKER' };
      expect(isAllowed({ resourcePolicies: [queuePolicy({ Principal: { AWS } })] }, asWorker)).toBe(false);
      const roles = [workerRole([{ Effect: 'Allow', Action: 'sqs:*', Resource: queueArn }])];
      expect(isAllowed({ roles, resourcePolicies: [queuePolicy({ Effect: 'Deny', Principal: { AWS } })] }, asWorker)).toBe(false);
      expect(isAllowed({ roles, resourcePolicies: [queuePolicy({ Effect: 'Deny', Principal: { AWS: ['1'] } })] }, asWorker)).toBe(true);
      expect(isAllowed({ resourcePolicies: [queuePolicy({ Principal: { AWS } })] }, send)).toBe(false);
    },
  );

  it('needs a principal', () => {
    expect(() => compiled({ resourcePolicies: [queuePolicy({})] })).toThrow(
      'AWS::SQS::QueuePolicy policy, statement 0: a policy of a resource needs a Principal',
    );
    const federated = queuePolicy({ Principal: { Federated: 'x' } });
    expect(() => compiled({ resourcePolicies: [federated] })).toThrow('AWS::SQS::QueuePolicy policy, statement 0');
  });
});

describe('a policy of a secret', () => {
  it.each([secretArn, 'key'])('speaks for the secret %s only', (SecretId) => {
    const statement = { Effect: 'Allow', Principal: { AWS: roleArn('worker') }, Action: 'secretsmanager:GetSecretValue', Resource: '*' };
    const policy = {
      type: 'AWS::SecretsManager::ResourcePolicy',
      name: 'policy',
      properties: { SecretId, ResourcePolicy: { Statement: statement } },
    };
    const read = { action: 'secretsmanager:GetSecretValue', resource: secretArn };
    expect(isAllowed({ resourcePolicies: [policy] }, read)).toBe(true);
    expect(isAllowed({ resourcePolicies: [policy] }, { ...read, resource: secretArn.replace('key', 'other') })).toBe(false);
  });
});

it('a policy of any other resource stops the boot', () => {
  const policy = { type: 'AWS::S3::BucketPolicy', name: 'bucket', properties: {} };
  expect(() => compiled({ roles: [bareRole], callers, resourcePolicies: [policy] })).toThrow(
    'AWS::S3::BucketPolicy bucket: policies of such a resource are not supported',
  );
});
