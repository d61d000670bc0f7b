import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../../local/clock/clock.ts';
import { LambdaFailure, oneTask, startHost, task } from './host.ts';

const never = () => new Promise(() => undefined);
const fails = (name: string) => () => {
  throw new LambdaFailure(name);
};
const HOUR_MS = 3_600_000;

describe('time', () => {
  it('of a Wait passes on the host’s clock', async () => {
    const host = await startHost({
      definition: { StartAt: 'Grace', States: { Grace: { Type: 'Wait', SecondsPath: '$.graceSeconds', End: true } } },
    });
    const { startDate, stopDate, status } = await host.settled(await host.begin({ graceSeconds: 7200 }));
    expect(status).toBe('SUCCEEDED');
    const tookMs = (stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0);
    expect(tookMs).toBeGreaterThanOrEqual(2 * HOUR_MS);
    expect(tookMs).toBeLessThan(2 * HOUR_MS + 60_000);
  });

  it('between retries passes on the host’s clock, and each retrier counts for itself', async () => {
    const errors = ['DriverBusy', 'DriverUncertain', 'DriverBusy', 'DriverUncertain'];
    const at: number[] = [];
    const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: true });
    const host = await startHost({
      clock,
      definition: oneTask({
        Retry: [
          { ErrorEquals: ['DriverBusy'], IntervalSeconds: 1000, MaxAttempts: 2, BackoffRate: 2 },
          { ErrorEquals: ['States.ALL'], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 1 },
        ],
      }),
      lambda: () => {
        at.push(clock.now());
        const error = errors.shift();
        if (error !== undefined) throw new LambdaFailure(error);
      },
    });
    const arn = await host.begin();
    expect((await host.settled(arn)).status).toBe('SUCCEEDED');
    const pausesSeconds = at.slice(1).map((time, index) => Math.round((time - (at[index] ?? 0)) / 1000));
    expect(pausesSeconds).toEqual([1000, 10, 2000, 10]);
    expect(host.executions.find(arn)?.transitions).toBe(5);
    expect(host.transitions()).toEqual({ m: 5 });
  });

  it('of a Task ends it with States.Timeout, whatever its Lambda still does', async () => {
    const host = await startHost({ definition: oneTask({ TimeoutSeconds: 300 }), lambda: never });
    const arn = await host.begin();
    expect(await host.settled(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout', cause: '' });
    expect(await host.types(arn)).toContain('TaskTimedOut');
  });

  it('of a Task goes on for longer than the interpreter’s own minute', async () => {
    const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: true });
    const host = await startHost({ clock, definition: oneTask({ TimeoutSeconds: 300 }), lambda: () => clock.sleep(200_000) });
    expect((await host.settled(await host.begin())).status).toBe('SUCCEEDED');
  });

  it('of the machine ends everything: a retry pause is not followed by another call', async () => {
    let calls = 0;
    const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: true });
    const host = await startHost({
      clock,
      definition: {
        ...oneTask({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 500, MaxAttempts: 5, BackoffRate: 1 }] }),
        TimeoutSeconds: 700,
      },
      lambda: () => {
        calls += 1;
        throw new LambdaFailure('Broken');
      },
    });
    const arn = await host.begin();
    expect((await host.settled(arn)).status).toBe('TIMED_OUT');
    await clock.advance(10_000_000);
    expect(calls).toBe(2);
    expect((await host.types(arn)).at(-1)).toBe('ExecutionTimedOut');
    expect(host.ended.map(({ detail }) => detail.status)).toEqual(['TIMED_OUT']);
  });
});

describe('after the end of an execution', () => {
  it('nothing more is called: neither a retry, nor a Catch, nor the next state', async () => {
    const calls: string[] = [];
    let answer: (value: null) => void = () => undefined;
    const definition = {
      StartAt: 'First',
      States: {
        First: task({
          Parameters: { FunctionName: 'first' },
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Second' }],
          Next: 'Second',
        }),
        Second: task({ Parameters: { FunctionName: 'second' }, End: true }),
      },
    };
    const host = await startHost({
      definition,
      lambda: (_payload, { functionName }) => {
        calls.push(functionName);
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    const executionArn = await host.begin();
    while (calls.length === 0) await host.types(executionArn);
    await host.client.send(new StopExecutionCommand({ executionArn }));
    answer(null);
    await host.clock.advance(HOUR_MS);
    expect(calls).toEqual(['first']);
    expect(host.executions.find(executionArn)?.status).toBe('ABORTED');
    expect((await host.types(executionArn)).filter((type) => type.startsWith('Execution'))).toEqual([
      'ExecutionStarted',
      'ExecutionAborted',
    ]);
  });
});

describe('the result of a Task', () => {
  it('is null where the Lambda returns nothing, as JSON has no undefined', async () => {
    const host = await startHost({ definition: oneTask({ ResultSelector: { 'answer.$': '$.Payload' } }), lambda: () => undefined });
    expect((await host.settled(await host.begin())).output).toBe('{"answer":null}');
  });

  it('is a copy: what the Lambda keeps is not shared with the state', async () => {
    const shared = { n: 1 };
    const host = await startHost({
      definition: {
        StartAt: 'A',
        States: { A: task({ ResultPath: '$.first', Next: 'B' }), B: task({ ResultPath: '$.second', End: true }) },
      },
      lambda: () => {
        shared.n += 1;
        return shared;
      },
    });
    const { output = '' } = await host.settled(await host.begin());
    const { first, second } = JSON.parse(output);
    expect([first.Payload.n, second.Payload.n]).toEqual([2, 3]);
  });

  it('above 256 KiB fails the execution, past every Retry and Catch', async () => {
    let calls = 0;
    const host = await startHost({
      definition: {
        StartAt: 'Work',
        States: {
          Work: task({ Retry: [{ ErrorEquals: ['States.ALL'] }], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true }),
          Caught: { Type: 'Succeed' },
        },
      },
      lambda: () => {
        calls += 1;
        return 'x'.repeat(262_144);
      },
    });
    expect(await host.settled(await host.begin())).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(calls).toBe(1);
  });

  it('may fit while the state it is put into does not', async () => {
    const half = 'x'.repeat(140_000);
    const calls: string[] = [];
    const host = await startHost({
      definition: {
        StartAt: 'A',
        States: {
          A: task({ Parameters: { FunctionName: 'a' }, ResultPath: '$.a', Next: 'B' }),
          B: task({ Parameters: { FunctionName: 'b' }, End: true }),
        },
      },
      lambda: (_payload, { functionName }) => {
        calls.push(functionName);
        return half;
      },
    });
    expect(await host.settled(await host.begin({ half }))).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(calls).toEqual(['a']);
  });
});

describe('the failure of a Task', () => {
  it('is caught by the Lambda’s error type, with its whole answer as the Cause', async () => {
    const host = await startHost({
      definition: {
        StartAt: 'Work',
        States: {
          Work: task({ Catch: [{ ErrorEquals: ['DriverRejected'], ResultPath: '$.failure', Next: 'Done' }], End: true }),
          Done: { Type: 'Succeed' },
        },
      },
      lambda: fails('DriverRejected'),
    });
    const { output = '' } = await host.settled(await host.begin({ operationId: 'o1' }));
    expect(JSON.parse(output)).toEqual({
      operationId: 'o1',
      failure: { Error: 'DriverRejected', Cause: '{"errorType":"DriverRejected","errorMessage":"refused","trace":[]}' },
    });
  });

  it('is not retried where MaxAttempts is 0, though a later retrier takes all', async () => {
    let calls = 0;
    const host = await startHost({
      definition: oneTask({ Retry: [{ ErrorEquals: ['DriverRejected'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }] }),
      lambda: () => {
        calls += 1;
        throw new LambdaFailure('DriverRejected');
      },
    });
    expect((await host.settled(await host.begin())).error).toBe('DriverRejected');
    expect(calls).toBe(1);
  });

  it('has a name even where the invocation itself broke', async () => {
    const host = await startHost({
      lambda: () => {
        throw Object.assign(new Error('no such function'), { name: 'ResourceNotFoundException' });
      },
    });
    expect((await host.settled(await host.begin())).error).toBe('Lambda.ResourceNotFoundException');
  });
});
