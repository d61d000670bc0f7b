import { awsLimits } from '../../core/limits.ts';
import type { Clock, Invoke, Meter, Timer } from '../ports.ts';
import type { Execution, HistoryEvent, Outcome } from './execution.ts';
import { eventOf, finalEvent } from './history.ts';
import type { Json, MachineEvent, Run } from './interpreter.ts';
import type { Machine } from './machine.ts';
import type { ExecutionStore } from './store.ts';
import { runTask, type TaskPorts } from './task.ts';

export interface RunPorts {
  clock: Clock;
  invoke: Invoke;
  meter: Meter;
  store: ExecutionStore;
  onEnded(execution: Execution): void;
}

/** One execution at work: from the state where it stands to its end, which it records exactly once. */
export class ExecutionRun {
  readonly #ports: RunPorts;
  readonly #machine: Machine;
  readonly #execution: Execution;
  readonly #over = new AbortController();
  #running: Run | undefined;
  #deadline: Timer | undefined;

  constructor(ports: RunPorts, machine: Machine, execution: Execution) {
    this.#ports = ports;
    this.#machine = machine;
    this.#execution = execution;
  }

  start(): void {
    const { position, input } = this.#execution;
    const from = position ?? { state: this.#machine.definition.StartAt, input: JSON.parse(input) };
    if (!(from.state in this.#machine.definition.States)) {
      this.end({ status: 'FAILED', error: 'States.Runtime', cause: `the definition no longer has state ${from.state}` });
      return;
    }
    if (!this.#hasTimeLeft()) return;
    this.#running = this.#machine.startingAt(from.state).run(from.input, {
      noThrowOnAbort: true,
      context: this.#context(),
      overrides: { taskResourceLocalHandlers: this.#handlers() },
    });
    void this.#follow(this.#running);
  }

  /** Ends the execution now; Lambdas that it invoked run on, as on AWS, but nothing is called after them. */
  end(outcome: Outcome): void {
    if (this.#over.signal.aborted) return;
    this.suspend();
    this.#ports.store.record(this.#execution.arn, finalEvent(outcome));
    this.#ports.onEnded(this.#ports.store.end(this.#execution.arn, outcome));
  }

  /** Stops without an end: the execution goes on from its journalled position when the host starts again. */
  suspend(): void {
    this.#over.abort();
    this.#deadline?.cancel();
    this.#running?.abort();
  }

  /** Sets the machine's timeout, or ends an execution that was interrupted for longer than that. */
  #hasTimeLeft(): boolean {
    const { TimeoutSeconds } = this.#machine.definition;
    if (TimeoutSeconds === undefined) return true;
    const since = this.#execution.redrivenAt ?? this.#execution.startedAt;
    const leftMs = since + TimeoutSeconds * 1000 - this.#ports.clock.now();
    const expire = () => this.end({ status: 'TIMED_OUT', error: 'States.Timeout' });
    if (leftMs > 0) this.#deadline = this.#ports.clock.after(leftMs, expire);
    else expire();
    return leftMs > 0;
  }

  #context() {
    const { arn, name } = this.#execution;
    return { Execution: { Id: arn, Name: name }, StateMachine: { Id: this.#machine.arn, Name: this.#machine.name } };
  }

  #handlers() {
    const tasks = this.#machine.states.filter(({ state }) => state.Type === 'Task');
    return Object.fromEntries(
      tasks.map(({ name, state }) => [name, (input: Json) => runTask(this.#taskPorts(), input, state.TimeoutSeconds ?? 0)]),
    );
  }

  #taskPorts(): TaskPorts {
    const { clock, invoke } = this.#ports;
    const record = (type: string, details?: Record<string, unknown>) => this.#record({ ...details, type });
    return { clock, invoke, caller: this.#machine.key, over: this.#over.signal, record };
  }

  /** The event log ends with the machine; only then is everything that happened recorded. */
  async #follow(running: Run): Promise<void> {
    const outcome = running.result.then(succeeded, failed);
    for await (const event of running.eventLogs) this.#observe(event);
    this.end(await outcome);
  }

  #observe(event: MachineEvent): void {
    if (this.#over.signal.aborted) return;
    if (event.type === 'StateEntered' || event.type === 'StateRetried') this.#count();
    const recorded = eventOf(event);
    if (recorded !== undefined) this.#record(recorded, positionOf(event));
    if (event.type === 'StateExited' && 'output' in event.state) this.#limit(event.state.name, event.state.output);
  }

  #count(): void {
    this.#ports.store.countTransition(this.#execution.arn);
    this.#ports.meter.add(this.#machine.name, { transitions: 1 });
  }

  #record(event: Pick<HistoryEvent, 'type'>, position?: Execution['position']): void {
    if (this.#over.signal.aborted) return;
    const count = this.#ports.store.record(this.#execution.arn, event, position);
    if (count < awsLimits.executionHistoryEvents - 1) return;
    const cause = `The execution reached the maximum number of history events (${awsLimits.executionHistoryEvents}).`;
    this.end({ status: 'FAILED', error: 'States.Runtime', cause });
  }

  #limit(state: string, output: unknown): void {
    if (Buffer.byteLength(JSON.stringify(output) ?? '') <= awsLimits.executionPayloadBytes) return;
    const cause = `the output of ${state} is larger than ${awsLimits.executionPayloadBytes} bytes`;
    this.end({ status: 'FAILED', error: 'States.DataLimitExceeded', cause });
  }
}

const succeeded = (output: Json): Outcome => ({ status: 'SUCCEEDED', output: JSON.stringify(output) });

/** The interpreter wraps what ended the execution; the reason is the error inside. */
const failed = (error: Error): Outcome => {
  const reason = error.cause instanceof Error ? error.cause : error;
  return { status: 'FAILED', error: reason.name, cause: reason.message };
};

/** Only a top-level state is a position: a Map that was interrupted starts again as a whole. */
const positionOf = (event: MachineEvent): Execution['position'] =>
  event.type === 'StateEntered' && !('index' in event) && 'state' in event
    ? { state: event.state.name, input: structuredClone(event.state.input ?? null) }
    : undefined;
