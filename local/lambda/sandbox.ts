import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { failed, type Outcome } from './function-spec.ts';
import type { WorkerAnswer, WorkerAsleep, WorkerLoaded, WorkerRequest, WorkerStart } from './worker-protocol.ts';

export interface SandboxOptions {
  readonly start: WorkerStart;
  readonly environment: Readonly<Record<string, string>>;
  /** Gets every line that the function writes. */
  readonly log: (line: string) => void;
  readonly onAsleep: (asleep: WorkerAsleep) => void;
  /** Called once when the thread is gone, by its own doing or by `end`. */
  readonly onGone: () => void;
}

type Message = WorkerAnswer | WorkerAsleep | WorkerLoaded;

const isAnswer = (message: Message): message is WorkerAnswer => 'id' in message;
const isAsleep = (message: Message): message is WorkerAsleep => 'asleepUntil' in message;

/** One worker thread with a function's code. Every run gets an answer, also when the thread dies on the way. */
export class Sandbox {
  readonly #worker: Worker;
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();
  readonly #loaded = Promise.withResolvers<Outcome | undefined>();
  #inFlight = 0;
  #isGone = false;

  #ended: Promise<number> | undefined;

  constructor({ start, environment, log, onAsleep, onGone }: SandboxOptions) {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: start,
      env: { ...environment },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: start.memoryMb },
    });
    this.#worker.on('message', (message: Message) => (isAsleep(message) ? onAsleep(message) : this.#hear(message)));
    this.#worker.on('error', (error: Error) =>
      log(JSON.stringify({ level: 'ERROR', message: 'the function crashed', error: String(error.stack) })),
    );
    this.#worker.on('exit', (code) => {
      this.#lose(`the process exited with code ${code} before the invocation completed`);
      onGone();
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) createInterface({ input: stream }).on('line', log);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Whoever is to run something here reserves first and releases afterwards, so that nobody else takes the place meanwhile. */
  reserve(): void {
    this.#inFlight += 1;
  }

  release(): void {
    this.#inFlight -= 1;
  }

  /** `begin` is asked for the request when the code is loaded, so that a timeout does not count the loading. */
  async run(begin: () => WorkerRequest): Promise<Outcome> {
    const loadFailure = await this.#loaded.promise;
    if (loadFailure !== undefined) return loadFailure;
    if (this.#isGone) return failed('Runtime.ExitError', 'the process exited before the invocation began');
    const request = begin();
    return new Promise((resolve) => {
      this.#waiting.set(request.id, resolve);
      this.#worker.postMessage(request);
    });
  }

  /** Ends the thread; what is in flight is answered as a crash. */
  end(): Promise<number> {
    this.#lose('the process was ended before the invocation completed');
    this.#ended ??= this.#worker.terminate();
    return this.#ended;
  }

  /** Answers one run from outside, as its timeout does. */
  settle(id: string, outcome: Outcome): void {
    this.#waiting.get(id)?.(outcome);
    this.#waiting.delete(id);
  }

  #hear(message: WorkerAnswer | WorkerLoaded): void {
    if (isAnswer(message)) {
      this.settle(message.id, message.isError ? { payload: message.payload, functionError: 'Unhandled' } : { payload: message.payload });
      return;
    }
    const { loadError } = message;
    this.#loaded.resolve(loadError === undefined ? undefined : { payload: loadError, functionError: 'Unhandled' });
    if (loadError !== undefined) void this.#worker.terminate();
  }

  #lose(reason: string): void {
    this.#isGone = true;
    const outcome = failed('Runtime.ExitError', reason);
    this.#loaded.resolve(outcome);
    for (const id of [...this.#waiting.keys()]) this.settle(id, outcome);
  }
}
