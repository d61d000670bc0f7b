import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../../local/clock/clock.ts';
import { clientOf, machineArn, startHost, task, temporaryDir } from './host.ts';

const step = (name: string, more: object) =>
  task({ Parameters: { FunctionName: name, 'Payload.$': '$' }, ResultPath: `$.${name}`, ...more });
const definition = {
  StartAt: 'First',
  States: { First: step('first', { Next: 'Second' }), Second: step('second', { Next: 'Third' }), Third: step('third', { End: true }) },
};

/** Runs the machine in a process of its own and kills that while `second` is being called. */
const crashInSecond = async (dataDir: string): Promise<string> => {
  const calls = join(dataDir, 'calls');
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./crash-child.ts', import.meta.url)), dataDir, calls, JSON.stringify(definition)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const [url] = await new Promise<string[]>((resolve) => createInterface(child.stdout).once('line', (line) => resolve([line])));
  const client = clientOf(url ?? '');
  await client.send(new StartExecutionCommand({ stateMachineArn: machineArn('m'), name: 'o1', input: '{"operationId":"o1"}' }));
  client.destroy();
  while (!existsSync(calls) || !readFileSync(calls, 'utf8').includes('second')) await turn();
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
  return calls;
};

const restart = (dataDir: string, calls: string, more: object = {}) =>
  startHost({
    dataDir,
    definition,
    lambda: (payload, { functionName }) => {
      appendFileSync(calls, `${functionName}\n`);
      return payload;
    },
    ...more,
  });

const arn = 'arn:aws:states:eu-central-1:000000000000:execution:m:o1';
const callsIn = (file: string) => readFileSync(file, 'utf8').trim().split('\n');

describe('after kill -9', () => {
  it('an execution goes on at the state it was in, with that state’s input, and earlier states do not run again', async () => {
    const dataDir = temporaryDir();
    const calls = await crashInSecond(dataDir);
    const host = await restart(dataDir, calls);
    const { status, output = '' } = await host.settled(arn);
    expect(status).toBe('SUCCEEDED');
    expect(callsIn(calls)).toEqual(['first', 'second', 'second', 'third']);
    expect(JSON.parse(output).second.Payload).toMatchObject({ operationId: 'o1', first: { Payload: { made: true } } });
    expect((await host.types(arn)).filter((type) => type === 'ExecutionStarted')).toHaveLength(1);
  });

  it('a torn last line of the journal is left out', async () => {
    const dataDir = temporaryDir();
    const calls = await crashInSecond(dataDir);
    appendFileSync(join(dataDir, 'executions.jsonl'), '{"kind":"event","arn":"arn:aws:sta');
    const host = await restart(dataDir, calls);
    expect((await host.settled(arn)).status).toBe('SUCCEEDED');
  });

  it('an execution whose machine timeout has passed meanwhile is timed out, not run', async () => {
    const dataDir = temporaryDir();
    const calls = await crashInSecond(dataDir);
    const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: true, startAt: Date.now() + 3_600_000 });
    const timed = { ...definition, TimeoutSeconds: 600 };
    const host = await restart(dataDir, calls, { clock, definition: timed, resumeWhen: Promise.resolve() });
    expect((await host.settled(arn)).status).toBe('TIMED_OUT');
  });

  it('an execution whose state is no longer in the template ends, so that it can be reconciled', async () => {
    const dataDir = temporaryDir();
    const calls = await crashInSecond(dataDir);
    const host = await restart(dataDir, calls, { definition: { StartAt: 'Other', States: { Other: step('other', { End: true }) } } });
    expect(await host.settled(arn)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'the definition no longer has state Second',
    });
    expect(host.ended).toHaveLength(1);
  });
});

describe('after an orderly stop', () => {
  it('ended executions are still described, with their history, and keep their names', async () => {
    const dataDir = temporaryDir();
    const calls = join(dataDir, 'calls');
    const first = await restart(dataDir, calls);
    const ended = await first.settled(await first.begin({ operationId: 'o1' }, 'o1'));
    const types = await first.types(arn);
    await first.close();
    const second = await restart(dataDir, calls);
    expect(await second.settled(arn)).toMatchObject({ status: 'SUCCEEDED', output: ended.output, stopDate: ended.stopDate });
    expect(await second.types(arn)).toEqual(types);
    await expect(second.begin({ operationId: 'o1' }, 'o1')).rejects.toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }));
    expect(second.executions.find(arn)?.transitions).toBe(3);
  });

  it('running executions wait until the host says that functions can be called', async () => {
    const dataDir = temporaryDir();
    const calls = await crashInSecond(dataDir);
    let ready: () => void = () => undefined;
    const resumeWhen = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const host = await restart(dataDir, calls, { resumeWhen });
    expect(callsIn(calls)).toEqual(['first', 'second']);
    ready();
    expect((await host.settled(arn)).status).toBe('SUCCEEDED');
  });

  it('a journal of nonsense is an empty one', async () => {
    const dataDir = temporaryDir();
    writeFileSync(join(dataDir, 'executions.jsonl'), 'nonsense\n{"kind":"execution"}\n[]\n');
    const host = await restart(dataDir, join(dataDir, 'calls'));
    expect(host.executions.list()).toEqual([]);
  });
});
