import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { UsageError } from './options.ts';
import { readRunning } from './running.ts';

/** Runs the doctor against the host that uses a data folder, or against a deployment: `npm run doctor -- [--repair]`. */

const usage = `Usage: npm run doctor -- [--data DIR | --outputs FILE] [--repair] [--without-arrays] [--json]
  --data DIR         the data folder of the host that is running here (default .patina)
  --outputs FILE     of a deployment: what \`cdk deploy --outputs-file FILE\` wrote; with your own AWS credentials and region
  --repair           also set right what can be set right without a decision; without it nothing is changed
  --without-arrays   look at the store alone
  --json             the report as one JSON object
Ends with 0 when nothing is left to do, 1 when something is, 2 when that could not be found out.`;

const entry = resolve(import.meta.dirname, '..', 'functions', 'doctor', 'entry.ts');

const outputs = z.record(z.string(), z.record(z.string(), z.string()));

function environmentOfDeployment(file: string): Record<string, string> {
  const found = Object.values(outputs.parse(JSON.parse(readFileSync(file, 'utf8')))).find((stack) => 'OperatorEnvironment' in stack);
  const text = found?.['OperatorEnvironment'];
  if (text === undefined) throw new UsageError(`--outputs: ${file} has no output OperatorEnvironment`);
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}

const flag = { type: 'boolean', default: false } as const;

function readArguments() {
  const options = {
    data: { type: 'string', default: '.patina' },
    outputs: { type: 'string' },
    repair: flag,
    json: flag,
    'without-arrays': flag,
    help: flag,
  } as const;
  try {
    return parseArgs({ options });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function main(): void {
  const { values } = readArguments();
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const environment = values.outputs === undefined ? readRunning(resolve(values.data)) : environmentOfDeployment(values.outputs);
  const passed = (['repair', 'json', 'without-arrays'] as const).filter((name) => values[name]).map((name) => `--${name}`);
  const child = spawn(process.execPath, [entry, ...passed], { env: { ...process.env, ...environment }, stdio: 'inherit' });
  child.once('exit', (code) => {
    process.exitCode = code ?? 2;
  });
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
}
