import { mkdirSync } from 'node:fs';
import type { Authorize, Clock, Invoke, Meter } from '../ports.ts';
import { type JsonCall, startJsonEndpoint } from '../protocol/json-endpoint.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { OnStorageFailure } from '../storage-failure.ts';
import type { Execution } from './execution.ts';
import { Faults } from './faults.ts';
import { loadInterpreter } from './interpreter.ts';
import { type MachineSpec, prepareMachine } from './machine.ts';
import { type OperationPorts, operations } from './operations.ts';
import { Runs } from './runs.ts';
import { type ExecutionStatusEvent, statusEvent } from './status-event.ts';
import { ExecutionStore } from './store.ts';

export interface StepFunctionsOptions {
  dataDir: string;
  clock: Clock;
  authorize: Authorize;
  invoke: Invoke;
  meter: Meter;
  region: string;
  accountId: string;
  machines: readonly MachineSpec[];
  /** Gets EventBridge's event when an execution ends. A crash right after the end may lose it. */
  onExecutionEnded(event: ExecutionStatusEvent): void;
  /** Interrupted executions go on when this settles: when `invoke` can be served. At once if absent. */
  resumeWhen?: Promise<unknown>;
  onStorageFailure?: OnStorageFailure;
}

export interface LocalStepFunctions {
  /** For AWS_ENDPOINT_URL_SFN. */
  url: string;
  faults: Faults;
  executions: {
    list(): readonly Execution[];
    find(arn: string): Execution | undefined;
  };
  /** Interrupts running executions; they go on at the next start. */
  close(): Promise<void>;
}

const MAX_REQUEST_BYTES = 1024 * 1024;

/** Step Functions' JSON API over loopback. Throws if a definition would run otherwise here than on AWS. */
export const startStepFunctions = async (options: StepFunctionsOptions): Promise<LocalStepFunctions> => {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const interpreter = loadInterpreter(options.clock);
  const machines = options.machines.map((spec) => prepareMachine(interpreter, spec));
  const store = new ExecutionStore(options.dataDir, options.clock, options.onStorageFailure);
  const onEnded = (execution: Execution) => options.onExecutionEnded(statusEvent(execution, machineArn(options, execution), options));
  const runs = new Runs({ clock: options.clock, invoke: options.invoke, meter: options.meter, store, onEnded });
  const faults = new Faults();
  const ports: OperationPorts = { ...options, machines, store, runs };
  const endpoint = await startJsonEndpoint({
    target: 'AWSStepFunctions',
    version: '1.0',
    maxRequestBytes: MAX_REQUEST_BYTES,
    answer: (call) => answer(ports, faults, call),
  });
  let open = true;
  const resume = () => open && runs.resume(machines);
  if (options.resumeWhen === undefined) resume();
  else void options.resumeWhen.then(resume, resume);
  return {
    url: endpoint.url,
    faults,
    executions: { list: () => store.list(), find: (arn) => store.find(arn) },
    close: async () => {
      open = false;
      runs.suspend();
      await endpoint.close();
      store.close();
    },
  };
};

const answer = (ports: OperationPorts, faults: Faults, { operation, body, caller }: JsonCall): unknown => {
  const run = operations.get(operation);
  if (run === undefined) throw new ServiceError('UnknownOperationException', `${operation} is not available on this host`);
  faults.pass(operation, 'before');
  const result = run(ports, { body, caller });
  faults.pass(operation, 'after');
  return result;
};

const machineArn = ({ machines, region, accountId }: StepFunctionsOptions, { machine }: Execution): string =>
  machines.find(({ name }) => name === machine)?.arn ?? `arn:aws:states:${region}:${accountId}:stateMachine:${machine}`;
