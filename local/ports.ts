/**
 * What the parts of the one-machine host promise each other. Every part is started with a `Clock`, an `Authorize` and a `Meter`,
 * listens on loopback on a free port, and keeps its data below its own folder of the data directory.
 */

export interface Timer {
  cancel(): void;
}

/** The one clock of the host. Product code sees it through `Date` and timers inside the workers. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `run` once, `delayMs` of this clock's time from now. */
  after(delayMs: number, run: () => void): Timer;
  /** Resolves `delayMs` of this clock's time from now. */
  sleep(delayMs: number): Promise<void>;
}

/** Who calls: the access key id that signed the request. The host gives every function and machine its own key. */
export interface AccessRequest {
  caller: string;
  /** IAM action, such as `dynamodb:PutItem`. */
  action: string;
  /** ARN of what is acted upon. */
  resource: string;
  /** Condition keys, such as `dynamodb:Attributes`. */
  context?: Record<string, string | readonly string[]>;
}

/** Throws `AccessDenied` (with a sentence naming caller, action and resource) unless the template's policies allow the request. */
export type Authorize = (request: AccessRequest) => void;

export class AccessDenied extends Error {
  override readonly name = 'AccessDeniedException';
}

export interface InvokeRequest {
  /** ARN of the caller's key (a function's or machine's access key id), for authorisation by the invoked function's policies. */
  caller: string;
  /** Function name, alias ARN or function ARN. */
  functionName: string;
  /** JSON text. */
  payload: string;
  invocationType: 'RequestResponse' | 'Event';
}

export interface InvokeAnswer {
  /** JSON text: the result, or Lambda's error object `{errorType, errorMessage, trace}`. */
  payload: string;
  functionError?: 'Unhandled';
}

export type Invoke = (request: InvokeRequest) => Promise<InvokeAnswer>;

/** What one caller has used since the host started; counted as AWS bills it. */
export interface Usage {
  readUnits: number;
  writeUnits: number;
  transactionConflicts: number;
  lambdaRuns: number;
  lambdaMs: number;
  transitions: number;
}

export interface Meter {
  add(caller: string, used: Partial<Usage>): void;
  /** Totals by caller key (function or state machine name). */
  snapshot(): Record<string, Usage>;
}
