import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AssemblyError } from '../assembly/load.ts';
import type { HostClock } from '../clock/clock.ts';
import type { Meter, Timer } from '../ports.ts';
import { type Activity, beginActivity } from './activity.ts';
import { type FunctionSpec, failed, type Outcome } from './function-spec.ts';
import { Sandbox } from './sandbox.ts';
import type { WorkerRequest } from './worker-protocol.ts';

export interface PoolOptions {
  readonly spec: FunctionSpec;
  readonly clock: HostClock;
  readonly meter: Meter;
  readonly log: (line: string) => void;
  /** Calls back after a worker has been idle long enough to be ended; by the machine's time, since it is memory that is saved. */
  readonly afterIdle: (run: () => void) => Timer;
}

/** Worker threads beyond a few per core make everything slower; what finds none free waits. */
const isolated = { workers: 8, runsPerWorker: 1 };
const shared = { workers: 1, runsPerWorker: 100 };

function codeFile({ folder, handler, name }: FunctionSpec): string {
  const module = handler.slice(0, handler.lastIndexOf('.'));
  const file = ['.js', '.mjs', '.cjs'].map((extension) => join(folder, module + extension)).find((each) => existsSync(each));
  if (file === undefined) throw new AssemblyError(`the function ${name} has no ${module}.js, .mjs or .cjs in ${folder}`);
  return file;
}

/** The workers of one function: the first is started with the first run, an idle one is ended. */
export class FunctionPool {
  readonly spec: FunctionSpec;
  readonly #options: PoolOptions;
  readonly #limits: typeof isolated;
  readonly #file: string;
  readonly #sandboxes = new Set<Sandbox>();
  readonly #idle = new Map<Sandbox, Timer>();
  /** By the id of the run. */
  readonly #activities = new Map<string, Activity>();
  readonly #queue: ((sandbox: Sandbox) => void)[] = [];
  #isClosed = false;

  /** Throws `AssemblyError` for a function without code. */
  constructor(options: PoolOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.#file = codeFile(this.spec);
    this.#limits = this.spec.isIsolated ? isolated : shared;
  }

  get workers(): number {
    return this.#sandboxes.size;
  }

  async run(payload: string, invokedArn: string): Promise<Outcome> {
    const activity = beginActivity(this.#options.clock);
    const sandbox = this.#claim() ?? (await new Promise<Sandbox>((resolve) => this.#queue.push(resolve)));
    const id = randomUUID();
    this.#activities.set(id, activity);
    try {
      return await this.#runIn(sandbox, { id, payload, invokedArn });
    } finally {
      this.#activities.delete(id);
      this.#free(sandbox);
      activity.end();
    }
  }

  /** Ends all workers for good; what waits for one waits in vain. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.end();
  }

  /** Ends all workers at once, as a crash would. */
  async end(): Promise<void> {
    for (const timer of this.#idle.values()) timer.cancel();
    await Promise.all([...this.#sandboxes].map((sandbox) => sandbox.end()));
  }

  async #runIn(sandbox: Sandbox, { id, payload, invokedArn }: Omit<WorkerRequest, 'deadlineAt'>): Promise<Outcome> {
    const { clock, meter } = this.#options;
    const begunAt = performance.now();
    let timeout: Timer | undefined;
    const outcome = await sandbox.run(() => {
      timeout = clock.after(this.spec.timeoutSeconds * 1000, () => this.#expire(sandbox, id));
      return { id, payload, invokedArn, deadlineAt: clock.now() + this.spec.timeoutSeconds * 1000 };
    });
    timeout?.cancel();
    meter.add(this.spec.name, { lambdaRuns: 1, lambdaMs: Math.ceil(performance.now() - begunAt) });
    if (outcome.functionError !== undefined) this.#tell(outcome);
    return outcome;
  }

  /** As Lambda's runtime does: nobody else may be told, as of a function that is run by a rule. */
  #tell({ payload }: Outcome): void {
    this.#options.log(JSON.stringify({ level: 'ERROR', message: 'the invocation failed', error: JSON.parse(payload) }));
  }

  #expire(sandbox: Sandbox, id: string): void {
    const seconds = this.spec.timeoutSeconds.toFixed(2);
    sandbox.settle(id, failed('Sandbox.Timedout', `RequestId: ${id} Error: Task timed out after ${seconds} seconds`));
    void sandbox.end();
  }

  #claim(): Sandbox | undefined {
    if (this.#isClosed) return undefined;
    const free = [...this.#sandboxes].find((each) => !each.isGone && each.inFlight < this.#limits.runsPerWorker);
    const sandbox = free ?? (this.#sandboxes.size < this.#limits.workers ? this.#open() : undefined);
    if (sandbox === undefined) return undefined;
    sandbox.reserve();
    this.#keep(sandbox);
    return sandbox;
  }

  #open(): Sandbox {
    const { spec, clock, log } = this.#options;
    const sandbox = new Sandbox({
      start: {
        file: this.#file,
        exportName: spec.handler.slice(spec.handler.lastIndexOf('.') + 1),
        functionName: spec.name,
        memoryMb: spec.memoryMb,
        ...(clock.mode === 'accelerated' ? { sharedTime: clock.shared } : {}),
      },
      environment: spec.environment,
      log,
      onAsleep: ({ ids, asleepUntil }) => {
        for (const id of ids) this.#activities.get(id)?.restUntil(asleepUntil);
      },
      onGone: () => this.#forget(sandbox),
    });
    this.#sandboxes.add(sandbox);
    return sandbox;
  }

  #keep(sandbox: Sandbox): void {
    this.#idle.get(sandbox)?.cancel();
    this.#idle.delete(sandbox);
  }

  #forget(sandbox: Sandbox): void {
    this.#keep(sandbox);
    this.#sandboxes.delete(sandbox);
    this.#serveQueue();
  }

  #free(sandbox: Sandbox): void {
    sandbox.release();
    if (sandbox.inFlight === 0 && !sandbox.isGone) {
      this.#keep(sandbox);
      this.#idle.set(
        sandbox,
        this.#options.afterIdle(() => void sandbox.end()),
      );
    }
    this.#serveQueue();
  }

  #serveQueue(): void {
    while (this.#queue.length > 0) {
      const sandbox = this.#claim();
      if (sandbox === undefined) return;
      this.#queue.shift()?.(sandbox);
    }
  }
}
