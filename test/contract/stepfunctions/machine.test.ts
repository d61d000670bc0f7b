import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { LambdaFailure, machineArn, oneTask, startHost, task } from './host.ts';

describe('the machine', () => {
  it('calls the function that the state names at run time, with its own key', async () => {
    const asked: unknown[] = [];
    const host = await startHost({
      definition: oneTask({
        Parameters: { 'FunctionName.$': '$.driver', Payload: { 'id.$': '$.id', 'execution.$': '$$.Execution.Name' } },
      }),
      lambda: (payload, { functionName, caller }) => void asked.push({ payload, functionName, caller }),
    });
    await host.settled(await host.begin({ driver: 'arn:of:driver', id: 7 }, 'o1'));
    expect(asked).toEqual([{ payload: { id: 7, execution: 'o1' }, functionName: 'arn:of:driver', caller: 'MACHINE' }]);
  });

  it('fails with the Error and Cause of its Fail state', async () => {
    const host = await startHost({
      definition: { StartAt: 'Failed', States: { Failed: { Type: 'Fail', Error: 'NeedsRepair', Cause: 'see the task' } } },
    });
    const arn = await host.begin();
    expect(await host.settled(arn)).toMatchObject({ status: 'FAILED', error: 'NeedsRepair', cause: 'see the task' });
    expect(await host.types(arn)).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });

  it('runs a Map whose iterations catch, and counts every state in it', async () => {
    const host = await startHost({
      definition: {
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            ItemsPath: '$.items',
            MaxConcurrency: 1,
            ItemProcessor: {
              StartAt: 'Work',
              States: {
                Work: task({
                  ResultSelector: { 'answer.$': '$.Payload' },
                  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
                  End: true,
                }),
                Caught: { Type: 'Pass', End: true },
              },
            },
            End: true,
          },
        },
      },
      lambda: (payload) => {
        if (payload === 2) throw new LambdaFailure('Broken');
        return payload;
      },
    });
    const arn = await host.begin({ items: [1, 2, 3] });
    const { output = '' } = await host.settled(arn);
    expect(JSON.parse(output)).toEqual([{ answer: 1 }, expect.objectContaining({ Error: 'Broken' }), { answer: 3 }]);
    expect(host.executions.find(arn)?.transitions).toBe(5);
    expect((await host.types(arn)).filter((type) => type === 'MapIterationStarted')).toHaveLength(3);
  });

  it('stops at 25,000 events, counted as AWS counts them', async () => {
    const host = await startHost({
      definition: {
        StartAt: 'Again',
        States: {
          Again: { Type: 'Pass', Next: 'More' },
          More: { Type: 'Choice', Choices: [{ Variable: '$', IsPresent: true, Next: 'Again' }] },
        },
      },
    });
    const executionArn = await host.begin();
    expect(await host.settled(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    const { events } = await host.client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }));
    expect(events).toEqual([expect.objectContaining({ id: 25_000, type: 'ExecutionFailed' })]);
  });

  it('is refused at the start of the host if it would run otherwise than on AWS', async () => {
    const definition = oneTask({ HeartbeatSeconds: 5 });
    await expect(startHost({ definition })).rejects.toThrow('state machine m cannot run here:\nWork: TimeoutSecondsPath and heartbeats');
    const nowhere = {
      name: 'm',
      arn: machineArn('m'),
      definition: { StartAt: 'A' },
      key: 'K',
      roleArn: 'arn:aws:iam::000000000000:role/machine',
    };
    await expect(startHost({ machines: [nowhere] })).rejects.toThrow('States');
  });
});
