import { InvokeCommand, LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../../core/errors.ts';
import type { DriverRequest } from '../../../drivers/sdk/driver.ts';
import { lambdaDrivers } from '../../../platform/aws/drivers.ts';
import { randomIds } from '../../../platform/aws/ids.ts';
import { sqsJobs } from '../../../platform/aws/jobs.ts';
import { plain } from '../../../platform/aws/log.ts';
import { secretsManager } from '../../../platform/aws/secrets.ts';
import { stepFunctionsWorkflows } from '../../../platform/aws/workflows.ts';

const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:volume-create';
const metadata = { $metadata: {}, message: 'x' };

describe('workflows', () => {
  const sfn = mockClient(SFNClient);
  const workflows = stepFunctionsWorkflows(new SFNClient({ region: 'us-east-1' }), { 'volume-create': machine });
  const start = { workflow: 'volume-create', execution: 'op', input: { operationId: 'op' } };

  it('are started under the given name, with ids alone as input', async () => {
    sfn.reset();
    sfn.on(StartExecutionCommand).resolves({});
    await workflows.start(start);
    expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: machine,
      name: 'op',
      input: '{"operationId":"op"}',
    });
  });

  it('started twice are started once; other failures are told', async () => {
    sfn.reset();
    sfn.on(StartExecutionCommand).rejectsOnce(new ExecutionAlreadyExists(metadata)).rejects(new Error('no'));
    await expect(workflows.start(start)).resolves.toBeUndefined();
    await expect(workflows.start(start)).rejects.toThrow('no');
    await expect(workflows.start({ ...start, workflow: 'other' })).rejects.toThrow('may not use the workflow other');
  });

  it.each([
    ['RUNNING', 'running'],
    ['SUCCEEDED', 'succeeded'],
    ['TIMED_OUT', 'failed'],
    ['ABORTED', 'failed'],
  ] as const)('that are %s are %s', async (status, state) => {
    sfn.reset();
    sfn.on(DescribeExecutionCommand).resolves({ status });
    expect(await workflows.state('volume-create', 'op')).toBe(state);
    expect(sfn.commandCalls(DescribeExecutionCommand)[0]?.args[0].input.executionArn).toBe(
      `${machine.replace('stateMachine', 'execution')}:op`,
    );
  });

  it('that were never started are unknown', async () => {
    sfn.reset();
    sfn.on(DescribeExecutionCommand).rejectsOnce(new ExecutionDoesNotExist(metadata)).rejects(new Error('no'));
    expect(await workflows.state('volume-create', 'op')).toBe('unknown');
    await expect(workflows.state('volume-create', 'op')).rejects.toThrow('no');
  });

  it('that failed go on when redriven; that cannot is no failure', async () => {
    sfn.reset();
    sfn.on(RedriveExecutionCommand).resolvesOnce({}).rejectsOnce(new ExecutionNotRedrivable(metadata)).rejects(new Error('no'));
    expect(await workflows.redrive('volume-create', 'op')).toBe(true);
    expect(await workflows.redrive('volume-create', 'op')).toBe(false);
    await expect(workflows.redrive('volume-create', 'op')).rejects.toThrow('no');
  });
});

describe('drivers', () => {
  const lambda = mockClient(LambdaClient);
  const drivers = lambdaDrivers(new LambdaClient({ region: 'us-east-1' }), { scaleio: 'alias' });
  const request = { verb: 'identify' } as DriverRequest;

  it('answer what their function answers', async () => {
    lambda.reset();
    lambda.on(InvokeCommand).resolves({ Payload: Buffer.from('{"output":1}') as never });
    expect(await drivers.call('scaleio', request)).toEqual({ output: 1 });
  });

  it('that die leave an unknown outcome', async () => {
    lambda.reset();
    lambda.on(InvokeCommand).resolves({ FunctionError: 'Unhandled', Payload: Buffer.from('{"errorType":"Sandbox.Timedout"}') as never });
    expect(await drivers.call('scaleio', request)).toMatchObject({ error: { name: 'DriverUncertain' } });
  });

  it('that cannot be invoked are an answer too: busy when there is no room for them, else an unknown outcome', async () => {
    lambda.reset();
    lambda.on(InvokeCommand).rejectsOnce(Object.assign(new Error('slow down'), { name: 'TooManyRequestsException' }));
    expect(await drivers.call('scaleio', request)).toMatchObject({ error: { name: 'DriverBusy' } });
    lambda.on(InvokeCommand).rejects(Object.assign(new Error('secret detail'), { name: 'ServiceException' }));
    const { error } = await drivers.call('scaleio', request);
    expect(error).toMatchObject({ name: 'DriverUncertain', message: 'the driver could not be invoked (ServiceException)' });
  });

  it('that Lambda does not let this function invoke are a mistake, told with what Lambda said', async () => {
    lambda.reset();
    const denied = {
      name: 'AccessDeniedException',
      $fault: 'client' as const,
      message: 'not allowed: lambda:InvokeFunction',
      $metadata: {},
    };
    lambda.on(InvokeCommand).rejects(new LambdaServiceException(denied));
    await expect(drivers.call('scaleio', request)).rejects.toThrow('lambda:InvokeFunction');
  });

  it('that this function has no right to invoke leave no unknown outcome: that is told as it is', async () => {
    lambda.reset();
    lambda.on(InvokeCommand).rejects(new ControlPlaneError('the right is missing', { code: 'deployment.rightMissing' }));
    await expect(drivers.call('scaleio', request)).rejects.toMatchObject({ code: 'deployment.rightMissing' });
  });

  it('that are not deployed are a mistake', async () => {
    await expect(drivers.call('other', request)).rejects.toThrow('no driver function for other');
  });
});

describe('secrets', () => {
  const manager = mockClient(SecretsManagerClient);
  const secrets = secretsManager(new SecretsManagerClient({ region: 'us-east-1' }));

  it('are created, or replaced when they exist', async () => {
    manager.reset();
    manager.on(CreateSecretCommand).resolvesOnce({}).rejects(new ResourceExistsException(metadata)).on(PutSecretValueCommand).resolves({});
    await secrets.write('a', '1');
    await secrets.write('a', '2');
    expect(manager.commandCalls(PutSecretValueCommand)).toHaveLength(1);
    manager.on(CreateSecretCommand).rejects(new Error('denied'));
    await expect(secrets.write('a', '3')).rejects.toThrow('denied');
  });

  it('are removed, also when they are gone', async () => {
    manager.reset();
    manager.on(DeleteSecretCommand).rejectsOnce(new ResourceNotFoundException(metadata)).rejects(new Error('denied'));
    await secrets.remove('a');
    await expect(secrets.remove('a')).rejects.toThrow('denied');
  });

  it('are read as text', async () => {
    manager.reset();
    manager.on(GetSecretValueCommand).resolvesOnce({ SecretString: 's' }).resolves({});
    expect(await secrets.read('a')).toBe('s');
    await expect(secrets.read('a')).rejects.toThrow('no text');
  });
});

it('jobs of one target and kind are one group', async () => {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageCommand).resolves({});
  await sqsJobs(new SQSClient({ region: 'us-east-1' }), 'url').send({ kind: 'discovery', targetId: 'p', deduplicationId: 'd' });
  expect(sqs.commandCalls(SendMessageCommand)[0]?.args[0].input).toMatchObject({
    MessageGroupId: 'discovery/p',
    MessageDeduplicationId: 'd',
    MessageBody: '{"kind":"discovery","targetId":"p"}',
  });
});

describe('ids', () => {
  it('sort in the order they were made, within a millisecond and when the clock steps back', () => {
    let now = 1000;
    const ids = randomIds(() => now);
    const made = Array.from({ length: 2000 }, (_, n) => {
      if (n === 1500) now = 900;
      return ids.ulid();
    });
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(2000);
    expect(made.every((ulid) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(ulid))).toBe(true);
  });

  it('that are secret have 256 bits', () => {
    expect(Buffer.from(randomIds(() => 0).secret(), 'base64url')).toHaveLength(32);
  });
});

it('what is logged carries causes and hides what sounds like a secret, at any depth', () => {
  const text = JSON.stringify(
    plain({
      user: { password: 'hunter2', deeper: [{ authToken: 'abc' }] },
      error: new Error('outer', { cause: new Error('inner') }),
      deep: { a: { b: { c: { d: { e: 'too deep' } } } } },
    }),
  );
  expect(text).toContain('inner');
  expect(text).not.toMatch(/hunter2|abc|too deep/);
});
