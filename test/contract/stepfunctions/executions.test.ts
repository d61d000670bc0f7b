import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it, vi } from 'vitest';
import { createClock } from '../../../local/clock/clock.ts';
import { AccessDenied } from '../../../local/ports.ts';
import { clientOf, LambdaFailure, machineArn, oneTask, startHost, task } from './host.ts';

const start = (name: string, input = '{}') => new StartExecutionCommand({ stateMachineArn: machineArn('m'), name, input });
const never = () => new Promise(() => undefined);

describe('starting an execution', () => {
  it('runs the machine and answers with what the last state returned', async () => {
    const host = await startHost({ lambda: (payload) => ({ got: payload }) });
    const arn = await host.begin({ operationId: 'o1' }, 'o1');
    const described = await host.settled(arn);
    expect(arn).toBe('arn:aws:states:eu-central-1:000000000000:execution:m:o1');
    expect(described.status).toBe('SUCCEEDED');
    expect(JSON.parse(described.output ?? '')).toEqual({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: { got: { operationId: 'o1' } },
    });
    expect(described.input).toBe('{"operationId":"o1"}');
    expect(described.startDate).toBeInstanceOf(Date);
    expect(described.stopDate).toBeInstanceOf(Date);
  });

  it('answers a repeated start alike while the execution runs', async () => {
    const calls: unknown[] = [];
    const host = await startHost({ lambda: (payload) => calls.push(payload) && never(), clock: createClock({ mode: 'real' }) });
    const first = await host.client.send(start('o1', '{"a":1}'));
    const second = await host.client.send(start('o1', '{"a":1}'));
    expect(second.executionArn).toBe(first.executionArn);
    expect(second.startDate).toEqual(first.startDate);
    await expect(host.client.send(start('o1', '{"a":2}'))).rejects.toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }));
    expect(calls).toHaveLength(1);
  });

  it('refuses the name of an ended execution, even with the same input', async () => {
    const host = await startHost();
    await host.settled(await host.begin({}, 'o1'));
    await expect(host.client.send(start('o1'))).rejects.toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }));
  });

  it.each([
    { reason: 'a name of 81 characters', command: start('x'.repeat(81)), error: 'InvalidName' },
    { reason: 'a name with a slash', command: start('a/b'), error: 'InvalidName' },
    { reason: 'an input that is not JSON', command: start('a', '{'), error: 'InvalidExecutionInput' },
    { reason: 'an input above 256 KiB', command: start('a', JSON.stringify('x'.repeat(262_143))), error: 'InvalidExecutionInput' },
    {
      reason: 'an unknown machine',
      command: new StartExecutionCommand({ stateMachineArn: machineArn('other') }),
      error: 'StateMachineDoesNotExist',
    },
  ])('refuses $reason with $error', async ({ command, error }) => {
    const host = await startHost();
    await expect(host.client.send(command)).rejects.toThrow(expect.objectContaining({ name: error }));
    expect(host.executions.list()).toEqual([]);
  });

  it('accepts an input of exactly 256 KiB', async () => {
    const host = await startHost({ definition: { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } } });
    const { executionArn = '' } = await host.client.send(start('a', JSON.stringify('x'.repeat(262_142))));
    expect((await host.settled(executionArn)).status).toBe('SUCCEEDED');
  });
});

describe('permission', () => {
  const authorize = ({ caller, action, resource }: { caller: string; action: string; resource: string }) => {
    if (caller !== 'ALLOWED') throw new AccessDenied(`${caller} may not ${action} on ${resource}`);
  };

  it('is asked of the key that signed, and its absence hides whether the execution exists', async () => {
    const host = await startHost({ authorize });
    const executionArn = 'arn:aws:states:eu-central-1:000000000000:execution:m:none';
    const denied = clientOf(host.url, 'DENIED');
    await expect(denied.send(start('o1'))).rejects.toThrow(`DENIED may not states:StartExecution on ${machineArn('m')}`);
    await expect(denied.send(new DescribeExecutionCommand({ executionArn }))).rejects.toThrow(
      `DENIED may not states:DescribeExecution on ${executionArn}`,
    );
    const allowed = clientOf(host.url, 'ALLOWED');
    await expect(allowed.send(new DescribeExecutionCommand({ executionArn }))).rejects.toThrow('Execution Does Not Exist');
    expect((await allowed.send(start('o1'))).executionArn).toMatch(/:m:o1$/);
  });

  it('is needed by the machine too: a refused invocation is an error of the Task', async () => {
    const host = await startHost({
      lambda: (_payload, request) => {
        throw new AccessDenied(`${request.caller} may not invoke ${request.functionName}`);
      },
    });
    const described = await host.settled(await host.begin());
    expect(described).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException', cause: 'MACHINE may not invoke f' });
  });
});

describe('reading executions', () => {
  it('lists the latest first, by status and in pages', async () => {
    const host = await startHost({ lambda: (payload) => (payload === 'hang' ? never() : null), clock: createClock({ mode: 'real' }) });
    for (const name of ['a', 'b', 'c']) await host.settled(await host.begin({}, name));
    await host.begin('hang', 'd');
    const list = async (more: object) => {
      const { executions = [], nextToken } = await host.client.send(
        new ListExecutionsCommand({ stateMachineArn: machineArn('m'), ...more }),
      );
      return { names: executions.map(({ name }) => name), nextToken };
    };
    expect((await list({})).names).toEqual(['d', 'c', 'b', 'a']);
    expect((await list({ statusFilter: 'RUNNING' })).names).toEqual(['d']);
    const first = await list({ statusFilter: 'SUCCEEDED', maxResults: 2 });
    expect(first.names).toEqual(['c', 'b']);
    expect(await list({ statusFilter: 'SUCCEEDED', maxResults: 2, nextToken: first.nextToken })).toEqual({
      names: ['a'],
      nextToken: undefined,
    });
    await expect(list({ nextToken: 'x' })).rejects.toThrow(expect.objectContaining({ name: 'InvalidToken' }));
  });

  it('tells the history in the names of AWS, forwards, backwards and in pages', async () => {
    const host = await startHost();
    const executionArn = await host.begin({ a: 1 });
    await host.settled(executionArn);
    const expected = [
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ];
    expect(await host.types(executionArn)).toEqual(expected);
    const reverse = await host.client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 2 }));
    expect(reverse.events?.map(({ type }) => type)).toEqual(['ExecutionSucceeded', 'TaskStateExited']);
    const next = await host.client.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, nextToken: reverse.nextToken, maxResults: 100 }),
    );
    expect(next.events?.map(({ type }) => type)).toEqual(expected.slice(0, -2).reverse());
    const { events = [] } = await host.client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events[1]).toMatchObject({ id: 2, previousEventId: 1, stateEnteredEventDetails: { name: 'Work', input: '{"a":1}' } });
    expect(events[6]?.executionSucceededEventDetails?.output).toContain('"StatusCode":200');
  });

  it('describes the machine, and refuses an operation it does not have by name', async () => {
    const host = await startHost();
    const machine = await host.client.send(new DescribeStateMachineCommand({ stateMachineArn: machineArn('m') }));
    expect(machine).toMatchObject({ name: 'm', type: 'STANDARD', status: 'ACTIVE' });
    expect(JSON.parse(machine.definition ?? '')).toEqual(oneTask());
    await expect(host.client.send(new ListStateMachinesCommand({}))).rejects.toThrow(
      expect.objectContaining({ name: 'UnknownOperationException', message: 'ListStateMachines is not available on this host' }),
    );
  });
});

describe('the end of an execution', () => {
  it('is told once, as the event that EventBridge rules match', async () => {
    const host = await startHost({
      lambda: () => {
        throw new LambdaFailure('DriverRejected', 'no such pool');
      },
    });
    const arn = await host.begin({ operationId: 'o1' }, 'o1');
    await host.settled(arn);
    expect(host.ended).toHaveLength(1);
    expect(host.ended[0]).toMatchObject({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      account: '000000000000',
      region: 'eu-central-1',
      resources: [arn],
      detail: {
        executionArn: arn,
        stateMachineArn: machineArn('m'),
        name: 'o1',
        status: 'FAILED',
        input: '{"operationId":"o1"}',
        error: 'DriverRejected',
        cause: '{"errorType":"DriverRejected","errorMessage":"no such pool","trace":[]}',
      },
    });
  });

  it('can be asked for, and the reason given stays with it', async () => {
    const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false });
    const host = await startHost({ lambda: never, clock });
    const executionArn = await host.begin();
    await host.client.send(new StopExecutionCommand({ executionArn, error: 'Operator', cause: 'had enough' }));
    expect(await host.settled(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Operator', cause: 'had enough' });
    expect((await host.types(executionArn)).at(-1)).toBe('ExecutionAborted');
    await host.client.send(new StopExecutionCommand({ executionArn }));
    expect(host.ended).toHaveLength(1);
  });

  it('can be taken back by a redrive, which goes on at the state that failed', async () => {
    const calls: string[] = [];
    const definition = {
      StartAt: 'First',
      States: {
        First: task({ Parameters: { FunctionName: 'first' }, ResultPath: null, Next: 'Second' }),
        Second: task({ Parameters: { FunctionName: 'second' }, End: true }),
      },
    };
    const lambda = (_payload: unknown, { functionName }: { functionName: string }) => {
      calls.push(functionName);
      if (calls.length === 2) throw new LambdaFailure('Broken');
    };
    const host = await startHost({ definition, lambda });
    const executionArn = await host.begin({ a: 1 });
    expect(await host.settled(executionArn)).toMatchObject({ status: 'FAILED', redriveStatus: 'REDRIVABLE' });
    await host.client.send(new RedriveExecutionCommand({ executionArn }));
    expect(await host.settled(executionArn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, redriveStatus: 'NOT_REDRIVABLE' });
    expect(calls).toEqual(['first', 'second', 'second']);
    expect(await host.types(executionArn)).toContain('ExecutionRedriven');
    await expect(host.client.send(new RedriveExecutionCommand({ executionArn }))).rejects.toThrow(
      expect.objectContaining({ name: 'ExecutionNotRedrivable' }),
    );
  });
});

describe('injected faults', () => {
  it('loses the answer of a start whose execution runs nevertheless, and a repeat finds it', async () => {
    const calls: unknown[] = [];
    const host = await startHost({ lambda: (payload) => calls.push(payload) && never(), clock: createClock({ mode: 'real' }) });
    host.faults.loseStart({ times: 1, effect: 'after' });
    await expect(host.client.send(start('o1'))).rejects.toThrow();
    expect((await host.client.send(start('o1'))).executionArn).toMatch(/:o1$/);
    await vi.waitFor(() => expect(calls).toHaveLength(1), { timeout: 10_000 });
  });

  it('loses a start before it has had any effect', async () => {
    const host = await startHost();
    host.faults.loseStart({ times: 1, effect: 'before' });
    await expect(host.client.send(start('o1'))).rejects.toThrow();
    expect(host.executions.list()).toEqual([]);
    await host.settled(await host.begin({}, 'o1'));
  });

  it('throttles as often as asked', async () => {
    const host = await startHost();
    host.faults.throttle({ times: 1, operation: 'StartExecution' });
    await expect(host.client.send(start('o1'))).rejects.toThrow(expect.objectContaining({ name: 'ThrottlingException' }));
    expect((await host.client.send(start('o1'))).executionArn).toMatch(/:o1$/);
  });
});
