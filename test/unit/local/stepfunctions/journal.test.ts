import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../../../local/clock/clock.ts';
import type { Execution } from '../../../../local/stepfunctions/execution.ts';
import { Journal } from '../../../../local/stepfunctions/journal.ts';
import { ExecutionStore } from '../../../../local/stepfunctions/store.ts';

const temporaryDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'patina-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

const START = Date.parse('2030-01-01T00:00:00Z');
const DAY_MS = 86_400_000;

const open = (dataDir: string, startAt = START) => {
  const clock = createClock({ mode: 'accelerated', rate: 0, skipIdle: false, startAt });
  const store = new ExecutionStore(dataDir, clock);
  onTestFinished(() => {
    clock.close();
    store.close();
  });
  return store;
};

const execution = (name: string): Execution => ({
  arn: `arn:${name}`,
  machine: 'm',
  name,
  input: '{}',
  startedAt: START,
  status: 'RUNNING',
  transitions: 0,
  redrives: 0,
});

describe('a journal', () => {
  it('is read back line by line, without what is torn or no JSON', () => {
    const file = join(temporaryDir(), 'journal');
    const journal = new Journal(file);
    journal.append({ n: 1 });
    journal.append({ n: 2 });
    journal.close();
    appendFileSync(file, 'nonsense\n{"n":3}\n{"n":');
    expect(new Journal(file).read()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('goes on after it was rewritten', () => {
    const file = join(temporaryDir(), 'journal');
    const journal = new Journal(file);
    journal.append({ n: 1 });
    journal.rewrite([{ n: 2 }]);
    journal.append({ n: 3 });
    journal.close();
    expect(new Journal(file).read()).toEqual([{ n: 2 }, { n: 3 }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('the store of executions', () => {
  it('brings a running execution back with its history, position and count', () => {
    const dataDir = temporaryDir();
    const first = open(dataDir);
    first.add(execution('a'));
    first.countTransition('arn:a');
    first.record('arn:a', { type: 'TaskStateEntered' }, { state: 'S', input: { n: 1 } });
    const second = open(dataDir);
    expect(second.find('arn:a')).toEqual({ ...execution('a'), transitions: 1, position: { state: 'S', input: { n: 1 } } });
    expect(second.history('arn:a')).toEqual([{ id: 1, previousEventId: 0, type: 'TaskStateEntered', timestamp: START / 1000 }]);
    expect(second.record('arn:a', { type: 'TaskScheduled' })).toBe(2);
  });

  it('rewrites its journal at the start, so that ended executions take one line each', () => {
    const dataDir = temporaryDir();
    const first = open(dataDir);
    first.add(execution('a'));
    for (let n = 0; n < 20; n += 1) first.record('arn:a', { type: 'PassStateEntered' });
    first.end('arn:a', { status: 'SUCCEEDED', output: '{}' });
    const second = open(dataDir);
    expect(readFileSync(join(dataDir, 'executions.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);
    expect(second.history('arn:a')).toHaveLength(20);
  });

  it('lets an execution end only once', () => {
    const store = open(temporaryDir());
    store.add(execution('a'));
    store.end('arn:a', { status: 'FAILED', error: 'E' });
    expect(() => store.end('arn:a', { status: 'SUCCEEDED' })).toThrow('has ended');
    expect(() => store.record('arn:a', { type: 'X' })).toThrow('has ended');
  });

  it('forgets ended executions after 90 days, and running ones never', () => {
    const dataDir = temporaryDir();
    const first = open(dataDir);
    for (const name of ['old', 'running']) first.add(execution(name));
    first.end('arn:old', { status: 'SUCCEEDED', output: '{}' });
    expect(open(dataDir, START + 89 * DAY_MS).find('arn:old')).toBeDefined();
    const later = open(dataDir, START + 91 * DAY_MS);
    expect(later.list().map(({ name }) => name)).toEqual(['running']);
    expect(later.history('arn:old')).toEqual([]);
  });
});
