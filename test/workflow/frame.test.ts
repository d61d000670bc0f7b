import { StateMachine } from 'aws-local-stepfunctions';
import { describe, expect, it } from 'vitest';
import { discoverProvider } from '../../statemachines/discover-provider/workflow.ts';
import { compile } from '../../statemachines/dsl/compile.ts';
import type { StepInput, Workflow } from '../../statemachines/dsl/define.ts';
import { exportUpdate } from '../../statemachines/export-update/workflow.ts';
import { volumeCreate } from '../../statemachines/volume-create/workflow.ts';
import { volumeDelete } from '../../statemachines/volume-delete/workflow.ts';

/** What a Task does when it is told `input`; an error name is thrown, as the control function throws it. */
type Control = (input: StepInput, attempt: number) => string | undefined;

const named = (name: string): Error => Object.assign(new Error(name), { name });

const handlerOf = (control: Control, calls: StepInput[]) => {
  const attempts = new Map<string, number>();
  return (parameters: unknown) => {
    const { Payload: input } = parameters as { Payload: StepInput };
    calls.push(input);
    const key = [input.phase, input.step, input.patience].join();
    attempts.set(key, (attempts.get(key) ?? 0) + 1);
    const thrown = control(input, attempts.get(key) ?? 0);
    if (thrown !== undefined) throw named(thrown);
    return { StatusCode: 200, ExecutedVersion: '1', Payload: { graceSeconds: 15 } };
  };
};

/** Runs a compiled workflow in the interpreter, without its pauses. */
const run = async (workflow: Workflow, control: Control, repair = false) => {
  const definition = JSON.parse(JSON.stringify(compile(workflow)));
  const calls: StepInput[] = [];
  const handler = handlerOf(control, calls);
  const names = Object.keys(definition.States);
  const execution = new StateMachine(definition, { validationOptions: { noValidate: true } }).run(
    { operationId: 'op-1', ...(repair ? { repair: true } : {}) },
    {
      context: { Execution: { Name: repair ? 'op-1-r1' : 'op-1' } },
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(names.map((name) => [name, handler])),
        waitTimeOverrides: { Grace: 0 },
        retryIntervalOverrides: Object.fromEntries(names.map((name) => [name, 0])),
      },
    },
  );
  const entered: string[] = [];
  const ended = execution.result.catch(() => undefined);
  let end = 'succeeded';
  for await (const event of execution.eventLogs) {
    if (event.type === 'StateEntered') entered.push(event.state.name);
    if (event.type === 'ExecutionFailed') end = event.Error;
  }
  await ended;
  return { entered, end, calls };
};

const fails =
  (step: string, error: string): Control =>
  (input) =>
    input.phase === 'run' && input.step === step ? error : undefined;

describe('a workflow of one step', () => {
  it('enters two states when nothing goes wrong', async () => {
    const { entered, end, calls } = await run(volumeCreate, () => undefined);
    expect(entered).toEqual(['Start', 'EnsureVolumes']);
    expect(end).toBe('succeeded');
    expect(calls).toEqual([{ workflow: 'volume-create', phase: 'run', step: 'EnsureVolumes', operationId: 'op-1', execution: 'op-1' }]);
  });

  it('takes back what was refused, twice, and says so at the end', async () => {
    const { entered, end } = await run(volumeCreate, fails('EnsureVolumes', 'DriverRejected'));
    expect(entered.slice(1)).toEqual([
      'EnsureVolumes',
      'RecordFailure',
      'UndoEnsureVolumes',
      'Grace',
      'UndoEnsureVolumesAgain',
      'RollBack',
      'Failed',
    ]);
    expect(end).toBe('RolledBack');
  });

  it('hands the failure to whoever records it', async () => {
    const { calls } = await run(volumeCreate, fails('EnsureVolumes', 'DriverRejected'));
    expect(calls.find((call) => call.phase === 'recordFailure')?.failure).toMatchObject({ Error: 'DriverRejected' });
  });

  it('never tries a refusal again, but what is uncertain', async () => {
    const refused = await run(volumeCreate, fails('EnsureVolumes', 'DriverRejected'));
    expect(refused.calls.filter((call) => call.phase === 'run')).toHaveLength(1);
    const uncertain = await run(volumeCreate, (input, attempt) => (input.phase === 'run' && attempt < 4 ? 'DriverUncertain' : undefined));
    expect(uncertain.end).toBe('succeeded');
    expect(uncertain.calls).toHaveLength(4);
  });

  it('goes on after sixty pauses of a long job', async () => {
    const { end } = await run(volumeCreate, (input, attempt) => (input.phase === 'run' && attempt <= 60 ? 'DriverUnfinished' : undefined));
    expect(end).toBe('succeeded');
  });
});

describe('the lane', () => {
  it('leaves a committed operation alone, although its answer was lost', async () => {
    const control: Control = (input) => (input.phase === 'run' ? 'States.Timeout' : 'AlreadyCommitted');
    const { entered, end } = await run(volumeCreate, control);
    expect(entered).toEqual(['Start', 'EnsureVolumes', 'RecordFailure', 'Committed']);
    expect(end).toBe('succeeded');
  });

  it('touches nothing when another execution owns the operation', async () => {
    const control: Control = () => 'FenceLost';
    const { entered, end } = await run(volumeCreate, control);
    expect(entered.at(-1)).toBe('Fenced');
    expect(end).toBe('FenceLost');
  });

  it('stops as soon as the operation changes hands in the middle of an undo', async () => {
    const control: Control = (input) => ({ run: 'DriverRejected', undo: 'FenceLost' })[input.phase as string];
    expect((await run(volumeCreate, control)).entered.slice(-2)).toEqual(['UndoEnsureVolumes', 'Fenced']);
  });

  it('gives an undo that fails at first another chance after the grace time', async () => {
    const control: Control = (input) => (input.phase === 'run' || input.patience === 'brief' ? 'DriverRejected' : undefined);
    expect((await run(volumeCreate, control)).end).toBe('RolledBack');
  });

  it('needs repair when an undo fails for good, and says why', async () => {
    const control: Control = (input) => (input.phase === 'run' || input.phase === 'undo' ? 'DriverRejected' : undefined);
    const { end, calls } = await run(volumeCreate, control);
    expect(end).toBe('NeedsRepair');
    expect(calls.at(-1)).toMatchObject({ phase: 'markNeedsRepair', failure: { Error: 'DriverRejected' } });
  });

  it('needs repair when the record cannot be rolled back', async () => {
    const control: Control = (input) => ({ run: 'DriverRejected', rollBack: 'UndoIncomplete' })[input.phase as string];
    expect((await run(volumeCreate, control)).end).toBe('NeedsRepair');
  });

  it('ends as failed, with the operation open, when the failure cannot be recorded', async () => {
    const control: Control = (input) => ({ run: 'DriverRejected', recordFailure: 'States.Timeout' })[input.phase as string];
    const { entered, end } = await run(volumeCreate, control);
    expect(entered.at(-1)).toBe('RecordFailure');
    expect(end).toBe('States.Timeout');
  });

  it('looks where a deletion gave up', async () => {
    const { entered } = await run(volumeDelete, fails('EnsureVolumesAbsent', 'DriverRejected'));
    expect(entered).toEqual(['Start', 'EnsureVolumesAbsent', 'RecordFailure', 'Grace', 'Look', 'RollBack', 'Failed']);
  });

  it('takes back what came first and then looks, in a workflow that does both', async () => {
    const { entered } = await run(exportUpdate, fails('EnsureExportsAbsent', 'DriverRejected'));
    expect(entered.slice(-5)).toEqual(['Grace', 'UndoEnsureExportsAgain', 'Look', 'RollBack', 'Failed']);
  });

  it('only rolls back a discovery', async () => {
    const { entered } = await run(discoverProvider, fails('DiscoverProvider', 'Refused'));
    expect(entered).toEqual(['Start', 'DiscoverProvider', 'RecordFailure', 'RollBack', 'Failed']);
  });

  it('is entered at once by a repair, whose reason is that the operation was abandoned', async () => {
    const { entered, calls } = await run(volumeCreate, () => undefined, true);
    expect(entered.slice(0, 4)).toEqual(['Start', 'Abandoned', 'RecordFailure', 'UndoEnsureVolumes']);
    expect(calls[0]).toMatchObject({ phase: 'recordFailure', execution: 'op-1-r1', failure: { Error: 'Abandoned' } });
    expect(calls.every((call) => call.phase !== 'run')).toBe(true);
  });
});
