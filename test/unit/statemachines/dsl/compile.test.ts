import { describe, expect, it } from 'vitest';
import type { State, StateMachine, TaskState } from '../../../../statemachines/dsl/asl.ts';
import { compile } from '../../../../statemachines/dsl/compile.ts';
import { defineWorkflow } from '../../../../statemachines/dsl/define.ts';
import { retries } from '../../../../statemachines/dsl/retry.ts';

const two = defineWorkflow({
  name: 'export-create',
  recovery: 'undo',
  steps: [
    { name: 'EnsureVolumes', verb: 'ensureVolumes', undo: 'ensureVolumesAbsent', some: 'all-or-nothing', timeoutSeconds: 300 },
    { name: 'EnsureExports', verb: 'ensureExports', undo: 'ensureExportsAbsent', some: 'all-or-nothing', timeoutSeconds: 360 },
  ],
});
const forward = defineWorkflow({
  name: 'volume-delete',
  recovery: 'forward',
  look: { verb: 'readVolumes', timeoutSeconds: 310 },
  steps: [{ name: 'EnsureVolumesAbsent', verb: 'ensureVolumesAbsent', some: 'report', timeoutSeconds: 300 }],
});
const storeOnly = defineWorkflow({
  name: 'discover-provider',
  recovery: 'forward',
  steps: [{ name: 'DiscoverProvider', some: 'all-or-nothing', timeoutSeconds: 300 }],
});

const taskOf = (machine: StateMachine, name: string): TaskState => {
  const state = machine.States[name];
  if (state?.Type !== 'Task') throw new Error(`${name} is no Task`);
  return state;
};
const nextOf = (state: State | undefined): string | undefined => (state !== undefined && 'Next' in state ? state.Next : undefined);
const caughtBy = (machine: StateMachine, name: string, error: string) =>
  taskOf(machine, name).Catch.find((catcher) => catcher.ErrorEquals.includes(error))?.Next;

/** Names of the states passed when nothing goes wrong from `name` on. */
const wayFrom = (machine: StateMachine, name: string): readonly string[] => {
  const next = nextOf(machine.States[name]);
  return next === undefined ? [name] : [name, ...wayFrom(machine, next)];
};

describe('the happy path', () => {
  it('enters Start and the steps, in order, and ends with the last step', () => {
    const machine = compile(two);
    const start = machine.States[machine.StartAt];
    expect(start).toMatchObject({ Type: 'Choice', Default: 'EnsureVolumes' });
    expect(wayFrom(machine, 'EnsureVolumes')).toEqual(['EnsureVolumes', 'EnsureExports']);
    expect(taskOf(machine, 'EnsureExports').End).toBe(true);
  });

  it('tells a step nothing but names and the operation', () => {
    expect(taskOf(compile(two), 'EnsureExports').Parameters).toEqual({
      FunctionName: '${control}',
      Payload: {
        workflow: 'export-create',
        phase: 'run',
        step: 'EnsureExports',
        'operationId.$': '$.operationId',
        'execution.$': '$$.Execution.Name',
      },
    });
    expect(taskOf(compile(two), 'EnsureExports').ResultPath).toBeNull();
  });

  it('gives each step its own timeout', () => {
    expect(taskOf(compile(two), 'EnsureVolumes').TimeoutSeconds).toBe(300);
    expect(taskOf(compile(two), 'EnsureExports').TimeoutSeconds).toBe(360);
  });

  it('calls a step that goes page by page again for longer than one driver verb', () => {
    expect(taskOf(compile(storeOnly), 'DiscoverProvider').Retry).toBe(retries.pages);
    expect(taskOf(compile(two), 'EnsureVolumes').Retry).toBe(retries.array);
  });
});

describe('the failure lane', () => {
  it('is entered from every step, with the failure kept', () => {
    for (const step of ['EnsureVolumes', 'EnsureExports'])
      expect(taskOf(compile(two), step).Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'RecordFailure' }]);
  });

  it('takes back the last step first, waits, takes back again, and rolls back', () => {
    expect(wayFrom(compile(two), 'RecordFailure')).toEqual([
      'RecordFailure',
      'UndoEnsureExports',
      'UndoEnsureVolumes',
      'Grace',
      'UndoEnsureExportsAgain',
      'UndoEnsureVolumesAgain',
      'RollBack',
      'Failed',
    ]);
  });

  it('looks, where nothing can be taken back', () => {
    expect(wayFrom(compile(forward), 'RecordFailure')).toEqual(['RecordFailure', 'Grace', 'Look', 'RollBack', 'Failed']);
    expect(taskOf(compile(forward), 'Look').TimeoutSeconds).toBe(310);
  });

  it('only rolls back, where nothing touched an array', () => {
    const machine = compile(storeOnly);
    expect(wayFrom(machine, 'RecordFailure')).toEqual(['RecordFailure', 'RollBack', 'Failed']);
    expect(taskOf(machine, 'RecordFailure').ResultPath).toBeNull();
    expect(machine.States['MarkNeedsRepair']).toBeUndefined();
  });

  it('waits as long as recordFailure answers', () => {
    const machine = compile(two);
    expect(taskOf(machine, 'RecordFailure')).toMatchObject({
      ResultSelector: { 'graceSeconds.$': '$.Payload.graceSeconds' },
      ResultPath: '$.lane',
    });
    expect(machine.States['Grace']).toMatchObject({ Type: 'Wait', SecondsPath: '$.lane.graceSeconds' });
  });

  it('leaves an operation alone that is committed, or that another execution owns', () => {
    const machine = compile(two);
    expect(caughtBy(machine, 'RecordFailure', 'AlreadyCommitted')).toBe('Committed');
    for (const name of ['RecordFailure', 'UndoEnsureVolumes', 'UndoEnsureVolumesAgain', 'RollBack', 'MarkNeedsRepair'])
      expect(caughtBy(machine, name, 'FenceLost')).toBe('Fenced');
  });

  it('ends as a failed execution when the failure cannot be recorded, for the reconciler to take over', () => {
    expect(caughtBy(compile(two), 'RecordFailure', 'States.ALL')).toBeUndefined();
  });

  it('takes a brief undo that fails for no verdict, and a patient one for needs repair', () => {
    const machine = compile(two);
    expect(caughtBy(machine, 'UndoEnsureExports', 'States.ALL')).toBe('Grace');
    expect(caughtBy(machine, 'UndoEnsureExportsAgain', 'States.ALL')).toBe('MarkNeedsRepair');
    expect(caughtBy(compile(forward), 'Look', 'States.ALL')).toBe('MarkNeedsRepair');
    expect(caughtBy(machine, 'RollBack', 'UndoIncomplete')).toBe('MarkNeedsRepair');
    expect(wayFrom(machine, 'MarkNeedsRepair')).toEqual(['MarkNeedsRepair', 'NeedsRepair']);
  });

  it('says in each undo which step it takes back and how patiently', () => {
    const machine = compile(two);
    expect(taskOf(machine, 'UndoEnsureVolumes').Parameters.Payload).toMatchObject({
      phase: 'undo',
      step: 'EnsureVolumes',
      patience: 'brief',
    });
    expect(taskOf(machine, 'UndoEnsureVolumes').Retry).toBe(retries.briefUndo);
    expect(taskOf(machine, 'UndoEnsureVolumesAgain').Parameters.Payload).toMatchObject({ step: 'EnsureVolumes', patience: 'patient' });
    expect(taskOf(machine, 'UndoEnsureVolumesAgain').Retry).toBe(retries.patientUndo);
  });

  it('hands on the failure to whoever writes it down, which a repair has too', () => {
    const machine = compile(two);
    expect(taskOf(machine, 'RecordFailure').Parameters.Payload['failure.$']).toBe('$.failure');
    expect(taskOf(machine, 'MarkNeedsRepair').Parameters.Payload['failure.$']).toBe('$.undoFailure');
    expect(machine.States['Abandoned']).toEqual({
      Type: 'Pass',
      Result: { Error: 'Abandoned', Cause: '' },
      ResultPath: '$.failure',
      Next: 'RecordFailure',
    });
  });
});
