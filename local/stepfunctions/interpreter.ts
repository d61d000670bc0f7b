import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import type { StateMachine } from 'aws-local-stepfunctions';
import { timeGlobalsOf } from '../clock/timers-on.ts';
import type { Clock } from '../ports.ts';

export interface Interpreter {
  StateMachine: typeof StateMachine;
}
export type Run = ReturnType<StateMachine['run']>;
export type MachineEvent = Run['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;
export type Json = Awaited<Run['result']>;
export type MachineDefinition = ConstructorParameters<typeof StateMachine>[0];

/** Loaded by the package for what never happens here: Tasks that call AWS, and validation, which our lint and tests do. */
const unused = new Set(['@aws-sdk/client-lambda', '@aws-sdk/credential-providers', 'asl-validator']);

/**
 * The interpreter with the host's clock in place of its `Date` and timers, so that waits, retry pauses and timestamps follow that clock.
 * Its CommonJS build is compiled here with these globals as parameters, since it has no way to be given a clock.
 */
export const loadInterpreter = (clock: Clock): Interpreter => {
  const require = createRequire(import.meta.url);
  const file = require.resolve('aws-local-stepfunctions');
  const requireFromThere = createRequire(file);
  const time = timeGlobalsOf(clock);
  const module = { exports: {} };
  const load = compileFunction(readFileSync(file, 'utf8'), ['module', 'exports', 'require', ...Object.keys(time)], { filename: file });
  load(module, module.exports, (name: string) => (unused.has(name) ? {} : requireFromThere(name)), ...Object.values(time));
  return module.exports as Interpreter;
};
