import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { awsLimits } from '../../core/limits.ts';
import type { Authorize, Clock } from '../ports.ts';
import type { JsonCall } from '../protocol/json-endpoint.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { describedExecution, describedMachine, isRedrivable, listedExecution, seconds } from './answers.ts';
import type { Execution } from './execution.ts';
import { redrivenEvent, startedEvent } from './history.ts';
import type { Machine } from './machine.ts';
import { pageOf } from './pages.ts';
import { namePattern, requests, type StartRequest } from './requests.ts';
import type { Runs } from './runs.ts';
import type { ExecutionStore } from './store.ts';

export interface OperationPorts {
  clock: Clock;
  authorize: Authorize;
  store: ExecutionStore;
  runs: Runs;
  machines: readonly Machine[];
}

type Handler<Schema extends z.ZodType> = (ports: OperationPorts, request: z.output<Schema>, caller: string) => unknown;
export type Operation = (ports: OperationPorts, call: Pick<JsonCall, 'body' | 'caller'>) => unknown;

const operation =
  <Schema extends z.ZodType>(schema: Schema, handle: Handler<Schema>): Operation =>
  (ports, { body, caller }) =>
    handle(ports, schema.parse(body), caller);

/** The operations of the endpoint. Each asks for permission before it says whether something exists. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    StartExecution: operation(requests.StartExecution, (ports, request, caller) => {
      ports.authorize({ caller, action: 'states:StartExecution', resource: request.stateMachineArn });
      return start(ports, machineOf(ports, request.stateMachineArn), request);
    }),
    DescribeExecution: operation(requests.DescribeExecution, (ports, { executionArn }, caller) => {
      ports.authorize({ caller, action: 'states:DescribeExecution', resource: executionArn });
      const execution = executionOf(ports, executionArn);
      return describedExecution(execution, machineNamed(ports, execution), ports.clock.now());
    }),
    ListExecutions: operation(requests.ListExecutions, (ports, request, caller) => {
      ports.authorize({ caller, action: 'states:ListExecutions', resource: request.stateMachineArn });
      const machine = machineOf(ports, request.stateMachineArn);
      const { statusFilter } = request;
      const wanted = (execution: Execution) => statusFilter === undefined || execution.status === statusFilter;
      const executions = ports.store.list().filter((execution) => execution.machine === machine.name && wanted(execution));
      const { items, nextToken } = pageOf(executions.reverse(), request);
      return { executions: items.map((execution) => listedExecution(execution, machine)), nextToken };
    }),
    GetExecutionHistory: operation(requests.GetExecutionHistory, (ports, request, caller) => {
      ports.authorize({ caller, action: 'states:GetExecutionHistory', resource: request.executionArn });
      const events = ports.store.history(executionOf(ports, request.executionArn).arn);
      const { items, nextToken } = pageOf(request.reverseOrder ? events.toReversed() : events, request);
      return { events: items, nextToken };
    }),
    StopExecution: operation(requests.StopExecution, (ports, { executionArn, error, cause }, caller) => {
      ports.authorize({ caller, action: 'states:StopExecution', resource: executionArn });
      const execution = executionOf(ports, executionArn);
      ports.runs.stop(execution.arn, { status: 'ABORTED', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
      return { stopDate: seconds(execution.stoppedAt ?? ports.clock.now()) };
    }),
    DescribeStateMachine: operation(requests.DescribeStateMachine, (ports, { stateMachineArn }, caller) => {
      ports.authorize({ caller, action: 'states:DescribeStateMachine', resource: stateMachineArn });
      return describedMachine(machineOf(ports, stateMachineArn));
    }),
    RedriveExecution: operation(requests.RedriveExecution, (ports, { executionArn }, caller) => {
      ports.authorize({ caller, action: 'states:RedriveExecution', resource: executionArn });
      const execution = executionOf(ports, executionArn);
      if (!isRedrivable(execution, ports.clock.now())) {
        throw new ServiceError('ExecutionNotRedrivable', `an execution that is ${execution.status} cannot be redriven`);
      }
      const reopened = ports.store.reopen(executionArn);
      ports.store.record(executionArn, redrivenEvent(reopened.redrives));
      ports.runs.begin(machineNamed(ports, reopened), reopened);
      return { redriveDate: seconds(ports.clock.now()) };
    }),
  }),
);

const start = (ports: OperationPorts, machine: Machine, request: StartRequest) => {
  const { name = randomUUID(), input } = request;
  checkName(name);
  checkInput(input);
  const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
  const known = ports.store.find(arn);
  if (known !== undefined) return again(known, input);
  const startedAt = ports.clock.now();
  const execution: Execution = { arn, machine: machine.name, name, input, startedAt, status: 'RUNNING', transitions: 0, redrives: 0 };
  ports.store.add(execution);
  ports.store.record(arn, startedEvent(input));
  ports.runs.begin(machine, execution);
  return { executionArn: arn, startDate: seconds(startedAt) };
};

/** The same start again is answered alike while the execution runs; any other use of its name is refused. */
const again = (known: Execution, input: string) => {
  if (known.status === 'RUNNING' && known.input === input) return { executionArn: known.arn, startDate: seconds(known.startedAt) };
  throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${known.arn}'`);
};

const checkName = (name: string): void => {
  if (name.length <= awsLimits.executionNameCharacters && namePattern.test(name)) return;
  throw new ServiceError(
    'InvalidName',
    `a name has 1 to ${awsLimits.executionNameCharacters} characters, without spaces and special characters`,
  );
};

const checkInput = (input: string): void => {
  if (Buffer.byteLength(input) > awsLimits.executionPayloadBytes) {
    throw new ServiceError('InvalidExecutionInput', `the input is larger than ${awsLimits.executionPayloadBytes} bytes`);
  }
  try {
    JSON.parse(input);
  } catch (cause) {
    throw Object.assign(new ServiceError('InvalidExecutionInput', 'the input is not JSON'), { cause });
  }
};

const machineOf = (ports: OperationPorts, arn: string): Machine => {
  const machine = ports.machines.find((candidate) => candidate.arn === arn);
  if (machine === undefined) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  return machine;
};

const executionOf = (ports: OperationPorts, arn: string): Execution => {
  const execution = ports.store.find(arn);
  if (execution === undefined) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return execution;
};

const machineNamed = (ports: OperationPorts, { machine }: Execution): Machine => {
  const found = ports.machines.find(({ name }) => name === machine);
  if (found === undefined) throw new ServiceError('StateMachineDeleting', `state machine ${machine} is no longer deployed`);
  return found;
};
