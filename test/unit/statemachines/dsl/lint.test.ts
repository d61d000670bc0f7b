import { describe, expect, it } from 'vitest';
import { compile } from '../../../../statemachines/dsl/compile.ts';
import { type Json, lint } from '../../../../statemachines/dsl/lint.ts';
import { volumeCreate } from '../../../../statemachines/volume-create/workflow.ts';

/** A correct definition whose one state may be spoilt. */
const withState = (name: string, change: (state: Json) => Json): Json => {
  const machine = JSON.parse(JSON.stringify(compile(volumeCreate)));
  return { ...machine, States: { ...machine.States, [name]: change(machine.States[name]) } };
};
const step = 'EnsureVolumes';
const changed = (changes: Json): Json => withState(step, (state) => ({ ...state, ...changes }));
const never = {
  ErrorEquals: ['DriverRejected', 'Cancelled', 'Refused', 'FenceLost', 'AlreadyCommitted', 'UndoIncomplete', 'Abandoned'],
  MaxAttempts: 0,
};
const last = { ErrorEquals: ['States.ALL'], MaxAttempts: 3, IntervalSeconds: 1, BackoffRate: 2, JitterStrategy: 'FULL' };
const retry = (...between: readonly Json[]): Json => changed({ Retry: [never, ...between, last] });
const caught = { ResultPath: '$.failure', Next: 'RecordFailure' };
const payload = (fields: Json): Json => changed({ Parameters: { FunctionName: '${control}', Payload: fields } });
const busy = { ...last, ErrorEquals: ['DriverBusy'] };

describe('lint', () => {
  it('finds nothing in what the compiler makes', () => {
    expect(lint(changed({}))).toEqual([]);
    expect(lint(retry(busy))).toEqual([]);
  });

  it.each<[string, string, Json]>([
    ['json-path', 'JSONata in a state', changed({ QueryLanguage: 'JSONata' })],
    ['json-path', 'a variable', changed({ Assign: { a: 1 } })],
    ['json-path', 'an expression in a text', payload({ workflow: '{% $x %}' })],
    ['json-path', 'JSONata for the machine', { ...changed({}), QueryLanguage: 'JSONata' }],
    [
      'json-path',
      'a Fail with a path, which ends the execution when it is missing',
      withState('Failed', (state) => ({ ...state, CausePath: 'x' })),
    ],
    ['state-type', 'a Map', changed({ Type: 'Map' })],
    ['reference', 'the context of a state', payload({ 'execution.$': '$$.State.RetryCount' })],
    ['reference', "more of the execution's input", payload({ 'operationId.$': '$' })],
    ['secret', 'a name that looks like a secret', payload({ workflow: 'password' })],
    ['integration', 'a function of its own', changed({ Parameters: { FunctionName: 'other', Payload: {} } })],
    ['integration', 'another service', changed({ Resource: 'arn:aws:states:::sqs:sendMessage' })],
    ['integration', 'no parameters', changed({ Parameters: undefined })],
    ['payload', 'a field that no step knows', payload({ volumes: 'all' })],
    ['task-timeout', 'no timeout', changed({ TimeoutSeconds: undefined })],
    ['task-timeout', 'a Task shorter than its function', changed({ TimeoutSeconds: 270 })],
    ['retry-order', 'a retrier for no error', changed({ Retry: [never, { ...last, ErrorEquals: undefined }] })],
    ['retry-order', 'no Retry', changed({ Retry: undefined })],
    ['retry-order', 'States.ALL first', changed({ Retry: [last, never] })],
    ['retry-order', 'States.ALL with another', changed({ Retry: [never, { ...last, ErrorEquals: ['States.ALL', 'DriverBusy'] }] })],
    ['retry-order', 'States.ALL missing', changed({ Retry: [never, busy] })],
    ['retry-order', 'nothing that is never retried', changed({ Retry: [last] })],
    ['retry-pace', 'no jitter', retry({ ...busy, JitterStrategy: undefined })],
    ['retry-pace', 'no interval', retry({ ...busy, IntervalSeconds: 0 })],
    ['retry-pace', 'a shrinking interval', retry({ ...busy, BackoffRate: 0.5 })],
    ['retry-pace', 'a limit below the interval', retry({ ...busy, IntervalSeconds: 10, MaxDelaySeconds: 5 })],
    ['retry-pace', 'half an attempt', retry({ ...busy, MaxAttempts: 1.5 })],
    ['retry-control-error', 'a decided error', retry({ ...busy, ErrorEquals: ['Cancelled'] })],
    [
      'catch-order',
      'States.ALL first',
      changed({
        Catch: [
          { ErrorEquals: ['States.ALL'], ...caught },
          { ErrorEquals: ['Cancelled'], ...caught },
        ],
      }),
    ],
    ['result-path', 'a result that replaces the input', changed({ ResultPath: undefined })],
    ['result-path', 'the whole input', withState(step, (state) => ({ ...state, ResultPath: '$' }))],
    ['result-path', 'a caught error that replaces the input', changed({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'RecordFailure' }] })],
    [
      'choice-guard',
      'a comparison without guard',
      withState('Start', (state) => ({ ...state, Choices: [{ And: [{ Variable: '$.repair', BooleanEquals: true }], Next: 'Abandoned' }] })),
    ],
    ['name', 'a long name', { ...changed({}), States: { ['A'.repeat(81)]: { Type: 'Succeed' } } }],
    ['machine-timeout', 'a machine without timeout', { ...changed({}), TimeoutSeconds: undefined }],
    ['size', 'a definition above a megabyte', { ...changed({}), Comment: 'x'.repeat(1_000_001) }],
    ['state-type', 'a state that is no object', { ...changed({}), States: { Start: 1 } }],
    ['state-type', 'a state without type', { ...changed({}), States: { Start: {} } }],
  ])('%s: refuses %s', (rule, _, definition) => {
    expect(lint(definition).map((finding) => finding.rule)).toContain(rule);
  });

  it('names the state and says what is wrong', () => {
    expect(lint(payload({ volumes: 'all' }))).toEqual([{ rule: 'payload', state: step, message: "volumes is no field of a step's input" }]);
  });

  it('finds no states in what has none', () => {
    expect(lint({ TimeoutSeconds: 1 })).toEqual([]);
  });
});
