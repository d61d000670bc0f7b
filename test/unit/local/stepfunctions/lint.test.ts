import { describe, expect, it } from 'vitest';
import { definitionSchema } from '../../../../local/stepfunctions/definition.ts';
import { lint } from '../../../../local/stepfunctions/lint.ts';

const task = (fields: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  TimeoutSeconds: 15,
  Parameters: { FunctionName: 'arn', Payload: { 'id.$': '$.operationId', 'execution.$': '$$.Execution.Name' } },
  End: true,
  ...fields,
});
const machine = (state: object, more: object = {}) => ({ StartAt: 'S', States: { S: state }, ...more });
const problemsOf = (definition: object) => lint(definitionSchema.parse(definition));
const retry = (fields: object) => task({ Retry: [{ ErrorEquals: ['States.ALL'], ...fields }] });
const map = (fields: object, inner: object = task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }] })) =>
  machine({ Type: 'Map', End: true, ItemProcessor: { StartAt: 'I', States: { I: inner } }, ...fields });

describe('a definition that runs here as on AWS', () => {
  it.each([
    {
      reason: 'a Task with Retry and Catch',
      definition: machine(retry({ IntervalSeconds: 1, MaxDelaySeconds: 20, JitterStrategy: 'FULL' })),
    },
    { reason: 'a function named by the input', definition: machine(task({ Parameters: { 'FunctionName.$': '$.driver' } })) },
    { reason: 'a dropped result', definition: machine(task({ ResultPath: null })) },
    { reason: 'a nested result path', definition: machine(task({ ResultPath: '$.done.EnsureVolumes' })) },
    { reason: 'an inline Map that collects failures', definition: map({ ItemSelector: { 'item.$': '$$.Map.Item.Value' } }) },
    { reason: 'a Fail with an Error', definition: machine({ Type: 'Fail', Error: 'NeedsRepair' }) },
  ])('passes: $reason', ({ definition }) => {
    expect(problemsOf(definition)).toEqual([]);
  });
});

describe('a definition that would run otherwise', () => {
  it.each([
    { reason: 'JSONata', definition: machine(task(), { QueryLanguage: 'JSONata' }), problem: 'the machine: QueryLanguage is not JSONPath' },
    { reason: 'JSONata in a state', definition: machine(task({ QueryLanguage: 'JSONata' })), problem: 'S: QueryLanguage is not JSONPath' },
    { reason: 'variables', definition: machine(task({ Assign: { a: 1 } })), problem: 'S: Assign is not supported' },
    { reason: 'a Parallel', definition: machine({ Type: 'Parallel', Branches: [] }), problem: 'S: type Parallel is not supported' },
    {
      reason: 'another integration',
      definition: machine(task({ Resource: 'arn:aws:states:::sqs:sendMessage' })),
      problem: 'S: its Resource is not arn:aws:states:::lambda:invoke',
    },
    { reason: 'no timeout', definition: machine(task({ TimeoutSeconds: undefined })), problem: 'S: it has no TimeoutSeconds' },
    { reason: 'no function', definition: machine(task({ Parameters: {} })), problem: 'S: Parameters name no function' },
    {
      reason: 'an asynchronous call',
      definition: machine(task({ Parameters: { FunctionName: 'f', InvocationType: 'Event' } })),
      problem: 'S: only synchronous invocations are supported',
    },
    { reason: 'ResultPath $', definition: machine(task({ ResultPath: '$' })), problem: 'S: ResultPath is not null or $.name.name' },
    {
      reason: 'ResultPath in brackets',
      definition: machine(task({ ResultPath: "$['x']" })),
      problem: 'S: ResultPath is not null or $.name.name',
    },
    {
      reason: 'the state’s own context',
      definition: machine(task({ Parameters: { FunctionName: 'f', 'Payload.$': '$$.State.RetryCount' } })),
      problem: 'S: it uses a part of the context object that differs here',
    },
    {
      reason: 'the execution’s input, which changes when an execution resumes',
      definition: machine(task({ Parameters: { FunctionName: 'f', 'Payload.$': '$$.Execution.Input' } })),
      problem: 'S: it uses a part of the context object that differs here',
    },
    {
      reason: 'the item inside an iteration',
      definition: map(
        {},
        task({ Parameters: { FunctionName: 'f', 'Payload.$': '$$.Map.Item.Value' }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }] }),
      ),
      problem: 'I: it uses a part of the context object that differs here',
    },
    {
      reason: 'an unresolved placeholder',
      definition: machine(task({ Parameters: { FunctionName: '${control}' } })),
      problem: 'S: it holds an unresolved ${…}',
    },
    {
      reason: 'States.ALL beside others',
      definition: machine(retry({ ErrorEquals: ['States.ALL', 'A'] })),
      problem: 'S: States.ALL must stand alone and last',
    },
    {
      reason: 'States.ALL before others',
      definition: machine(task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] })),
      problem: 'S: States.ALL must stand alone and last',
    },
    {
      reason: 'States.TaskFailed',
      definition: machine(retry({ ErrorEquals: ['States.TaskFailed'] })),
      problem: 'S: States.TaskFailed is not supported',
    },
    { reason: 'no pause', definition: machine(retry({ IntervalSeconds: 0 })), problem: 'S: a Retry has numbers that AWS refuses' },
    { reason: 'a shrinking pause', definition: machine(retry({ BackoffRate: 0.5 })), problem: 'S: a Retry has numbers that AWS refuses' },
    {
      reason: 'a longest pause below the first',
      definition: machine(retry({ IntervalSeconds: 5, MaxDelaySeconds: 5 })),
      problem: 'S: a Retry has numbers that AWS refuses',
    },
    {
      reason: 'a Map whose iterations may fail',
      definition: map({}, task()),
      problem: 'I: inside a Map it must catch States.ALL, since a failed Map goes on starting iterations',
    },
    { reason: 'a distributed Map', definition: map({ ItemReader: {} }), problem: 'S: it uses fields of a distributed Map' },
    { reason: 'a retried Map', definition: map({ Retry: [] }), problem: 'S: Retry of a Map is not supported' },
    {
      reason: 'a result that is ignored',
      definition: machine({ Type: 'Pass', Result: 0, End: true }),
      problem: 'S: a Result of null, false, 0 or "" is ignored here',
    },
    {
      reason: 'one name twice',
      definition: {
        StartAt: 'S',
        States: { S: { ...map({}).States.S, ItemProcessor: { StartAt: 'S', States: { S: { Type: 'Succeed' } } } } },
      },
      problem: 'S: two states have this name',
    },
  ])('is refused: $reason', ({ definition, problem }) => {
    expect(problemsOf(definition)).toContain(problem);
  });
});
