/** What a worker thread is told at its start. */
export interface WorkerStart {
  readonly file: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly memoryMb: number;
  /** The host's accelerated time; absent when it is the machine's. */
  readonly sharedTime?: SharedArrayBuffer;
}

export interface WorkerRequest {
  readonly id: string;
  readonly payload: string;
  readonly invokedArn: string;
  /** Epoch milliseconds of the host's clock. */
  readonly deadlineAt: number;
}

export interface WorkerAnswer {
  readonly id: string;
  readonly payload: string;
  readonly isError: boolean;
}

/** On accelerated time: a worker waits for nothing but its timers. */
export interface WorkerAsleep {
  /** Its runs. */
  readonly ids: readonly string[];
  /** When the first of them is due, in epoch milliseconds of the host's clock. */
  readonly asleepUntil: number;
}

/** The first message of a worker: whether its code could be loaded. */
export interface WorkerLoaded {
  readonly loadError?: string;
}
