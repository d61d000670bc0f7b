import { describe, expect, it } from 'vitest';
import { answer, bareRole, compiled, isAllowed, roleArn, statementAllows, tableArn, trust, workerRole } from './support.ts';

const putTasks = { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: tableArn };

describe('what a role allows', () => {
  it('is nothing without a policy, and the refusal reads as on AWS', () => {
    expect(answer({})).toBe(
      `User: arn:aws:sts::123456789012:assumed-role/worker/WORKER is not authorized to perform: dynamodb:PutItem on resource: ${tableArn} ` +
        'because no identity-based policy allows the dynamodb:PutItem action',
    );
  });

  it('is what a statement names, no other action and no other resource', () => {
    const roles = [workerRole([putTasks])];
    expect(isAllowed({ roles })).toBe(true);
    expect(isAllowed({ roles }, { action: 'dynamodb:DeleteItem' })).toBe(false);
    expect(isAllowed({ roles }, { resource: `${tableArn}2` })).toBe(false);
    expect(isAllowed({ roles }, { resource: `${tableArn}/index/byOwner` })).toBe(false);
  });

  it('may be a single statement, actions in any case, with wildcards', () => {
    expect(isAllowed({ roles: [workerRole({ ...putTasks, Action: 'DynamoDB:put*' })] })).toBe(true);
    expect(statementAllows({ Action: 'dynamodb:PutIte?' })).toBe(true);
    expect(statementAllows({ Action: 'dynamodb:Put?' })).toBe(false);
    expect(statementAllows({ Action: '*' })).toBe(true);
    expect(statementAllows({ Resource: ['arn:aws:sqs:*', 'arn:aws:dynamodb:*:*:table/T?sks'] })).toBe(true);
    expect(statementAllows({ Resource: 'arn:aws:dynamodb:*:*:table/t?sks' })).toBe(false);
    expect(statementAllows({ Resource: 'arn:aws:dynamodb:eu.central-1:*:table/Tasks' })).toBe(false);
  });

  it('is everything but what NotAction and NotResource name', () => {
    const notPut = { Action: undefined, NotAction: ['dynamodb:PutItem'] };
    expect(statementAllows(notPut)).toBe(false);
    expect(statementAllows(notPut, { action: 'dynamodb:GetItem' })).toBe(true);
    const notTasks = { Resource: undefined, NotResource: tableArn };
    expect(statementAllows(notTasks)).toBe(false);
    expect(statementAllows(notTasks, { resource: `${tableArn}2` })).toBe(true);
  });

  it('is taken back by a denial', () => {
    const roles = [workerRole([putTasks, { Effect: 'Deny', Action: 'dynamodb:Put*', Resource: '*' }])];
    expect(answer({ roles })).toMatch(/dynamodb:PutItem on resource: .* with an explicit deny in an identity-based policy$/);
  });

  it('includes policies attached by name, managed ones by name or ARN, and those of AWS', () => {
    const policy = {
      type: 'AWS::IAM::Policy',
      name: 'grants',
      properties: { PolicyDocument: { Statement: [putTasks] }, Roles: ['worker'] },
    };
    expect(isAllowed({ roles: [bareRole, policy] })).toBe(true);
    const ref = 'arn:aws:iam::123456789012:policy/shared';
    const shared = { type: 'AWS::IAM::ManagedPolicy', name: 'shared', ref, properties: { PolicyDocument: { Statement: [putTasks] } } };
    expect(isAllowed({ roles: [bareRole, shared] })).toBe(false);
    expect(isAllowed({ roles: [workerRole([], { ManagedPolicyArns: [ref] }), shared] })).toBe(true);
    const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    const roles = [workerRole([], { ManagedPolicyArns: [basic] })];
    expect(isAllowed({ roles }, { action: 'logs:PutLogEvents', resource: 'arn:aws:logs:x:y:z' })).toBe(true);
    expect(isAllowed({ roles })).toBe(false);
  });
});

describe('callers', () => {
  it('that nobody knows are refused', () => {
    expect(answer({}, { caller: 'STRANGER' })).toBe('The access key STRANGER belongs to nobody');
  });

  it('need a role that exists and trusts the service that runs them', () => {
    const ghost = { roleArn: roleArn('ghost'), service: 'lambda.amazonaws.com' };
    expect(() => compiled({ callers: { GHOST: ghost } })).toThrow('caller GHOST: there is no role ghost');
    const machine = { roleArn: roleArn('worker'), service: 'states.amazonaws.com' };
    expect(() => compiled({ callers: { MACHINE: machine } })).toThrow('role worker: it does not trust states.amazonaws.com');
    const both = workerRole([putTasks], { AssumeRolePolicyDocument: trust(['lambda.amazonaws.com', 'states.amazonaws.com']) });
    expect(isAllowed({ roles: [both], callers: { MACHINE: machine } }, { caller: 'MACHINE' })).toBe(true);
  });
});

describe('the boot stops at', () => {
  const statement = (changed: Record<string, unknown>) => () => compiled({ roles: [workerRole([{ ...putTasks, ...changed }])] });

  it.each([
    ['an unknown word', { Sid: 'Odd', Actions: 'x' }, /^role worker, policy inline, statement Odd: .*Actions/],
    ['an unknown effect', { Effect: 'Maybe' }, /^role worker, policy inline, statement 0: Effect/],
    ['an action without service', { Action: 'PutItem' }, 'statement 0: PutItem is no action'],
    ['a resource that is no ARN', { Resource: 'Tasks' }, 'Tasks is neither * nor an ARN'],
    [
      'a policy variable',
      { Resource: 'arn:aws:x:::${aws:username}' },
      'the policy variable in arn:aws:x:::${aws:username} is not supported',
    ],
    ['no action at all', { Action: undefined }, 'needs exactly one of Action and NotAction'],
    ['both Resource and NotResource', { NotResource: '*' }, 'needs exactly one of Resource and NotResource'],
    ["a role's policy with a principal", { Principal: '*' }, 'a policy of a role has no Principal'],
    [
      'an unknown operator',
      { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
      'the condition operator IpAddress is not supported',
    ],
    ['an unknown set operator', { Condition: { 'ForSome:StringLike': { 'a:b': 'c' } } }, 'operator ForSome:StringLike is not supported'],
    ['an operator that is none', { Condition: { 'String Like': { 'a:b': 'c' } } }, 'the condition operator String Like is not supported'],
    ['a condition key without service', { Condition: { Bool: { secure: 'true' } } }, 'secure is no condition key'],
    ['a number that is none', { Condition: { NumericLessThan: { 'a:b': 'few' } } }, 'NumericLessThan needs numbers, not few'],
    ['a variable in a condition', { Condition: { StringLike: { 'a:b': '${x}' } } }, 'the policy variable in ${x} is not supported'],
  ])('%s', (_what, changed, message) => {
    expect(statement(changed)).toThrow(message);
  });

  it('a statement that is no object', () => {
    expect(() => compiled({ roles: [workerRole(['all'])] })).toThrow('statement 0');
    expect(() => compiled({ roles: [workerRole([null])] })).toThrow('statement 0');
  });

  it('a managed policy it does not know', () => {
    const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    expect(() => compiled({ roles: [workerRole([], { ManagedPolicyArns: [arn] })] })).toThrow(`the managed policy ${arn} is not known`);
    expect(() => compiled({ roles: [workerRole([], { ManagedPolicyArns: ['other'] })] })).toThrow('the managed policy other is not known');
  });

  it('a permissions boundary', () => {
    expect(() => compiled({ roles: [workerRole([], { PermissionsBoundary: 'arn:x' })] })).toThrow(/role worker: .*PermissionsBoundary/);
  });

  it('a policy attached to a role that is not there', () => {
    const policy = { type: 'AWS::IAM::Policy', name: 'lost', properties: { PolicyDocument: { Statement: [putTasks] }, Roles: ['nobody'] } };
    expect(() => compiled({ roles: [bareRole, policy] })).toThrow('role nobody: a policy is attached to it, but it does not exist');
  });

  it.each([
    [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
    [{ Effect: 'Allow', Action: 'sts:AssumeRole' }],
    [{ Effect: 'Deny', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  ])('trust in anybody but a service: %j', (Statement) => {
    const role = workerRole([], { AssumeRolePolicyDocument: { Statement } });
    expect(() => compiled({ roles: [role] })).toThrow('role worker, trust, statement 0: only trust in services is supported');
  });
});
