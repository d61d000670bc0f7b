import type { Execution, Outcome } from './execution.ts';
import { finalEvent } from './history.ts';
import type { Machine } from './machine.ts';
import { ExecutionRun, type RunPorts } from './run.ts';

/** The executions at work in this process. */
export class Runs {
  readonly #ports: RunPorts;
  readonly #runs = new Map<string, ExecutionRun>();

  constructor(ports: RunPorts) {
    this.#ports = ports;
  }

  begin(machine: Machine, execution: Execution): void {
    const onEnded = (ended: Execution) => {
      this.#runs.delete(ended.arn);
      this.#ports.onEnded(ended);
    };
    const run = new ExecutionRun({ ...this.#ports, onEnded }, machine, execution);
    this.#runs.set(execution.arn, run);
    run.start();
  }

  /** Goes on with what an earlier process left running. */
  resume(machines: readonly Machine[]): void {
    for (const execution of this.#ports.store.list()) {
      if (execution.status !== 'RUNNING' || this.#runs.has(execution.arn)) continue;
      const machine = machines.find(({ name }) => name === execution.machine);
      if (machine === undefined) this.stop(execution.arn, gone(execution.machine));
      else this.begin(machine, execution);
    }
  }

  /** Ends an execution from outside; an ended one stays as it is. */
  stop(arn: string, outcome: Outcome): void {
    const run = this.#runs.get(arn);
    if (run !== undefined) run.end(outcome);
    if (this.#ports.store.find(arn)?.status !== 'RUNNING') return;
    this.#ports.store.record(arn, finalEvent(outcome));
    this.#ports.onEnded(this.#ports.store.end(arn, outcome));
  }

  suspend(): void {
    for (const run of this.#runs.values()) run.suspend();
    this.#runs.clear();
  }
}

const gone = (machine: string): Outcome => ({
  status: 'FAILED',
  error: 'States.Runtime',
  cause: `there is no state machine ${machine} any more`,
});
