import { ControlPlaneError, type ErrorCode } from '../../core/errors.ts';
import { DriverError, type DriverOutcome } from '../../drivers/sdk/errors.ts';
import type { ControlErrorName } from '../../statemachines/dsl/define.ts';

/** Steers the state machine: Step Functions matches the name. */
export class ControlError extends Error {
  override readonly name: ControlErrorName;
  /** What its task tells; without it the name. */
  readonly code: ErrorCode | undefined;

  constructor(name: ControlErrorName, message: string, code?: ErrorCode) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

/**
 * The brake is on, which lasts as long as an administrator wants. On its way forward the machine waits as for a busy array; an undo does
 * not wait: its operation needs repair, and is taken up again as soon as the brake is off.
 */
export class FrozenError extends Error {
  override readonly name: DriverOutcome | ControlErrorName;
  readonly code = 'operations.frozen' satisfies ErrorCode;

  constructor(message: string, direction: 'forward' | 'undo') {
    super(message);
    this.name = direction === 'forward' ? 'DriverBusy' : 'UndoIncomplete';
  }
}

/** What is kept of a failure: decided where it happened, carried through Step Functions as JSON. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly nativeCode?: string;
}

const failureOf = (error: unknown): Failure => {
  if (error instanceof DriverError)
    return { code: error.code, message: error.message, ...(error.nativeCode ? { nativeCode: error.nativeCode } : {}) };
  if (error instanceof FrozenError) return { code: error.code, message: error.message };
  if (error instanceof ControlError) return { code: error.code ?? error.name, message: error.message };
  if (error instanceof ControlPlaneError) return { code: error.code, message: error.message };
  return { code: 'internal.unexpected', message: 'a step failed unexpectedly; the log has the cause' };
};

/** The error a step's function ends with: the name for Retry and Catch, the failure as JSON for the record. */
export const thrownToMachine = (error: unknown): Error => {
  const thrown = new Error(JSON.stringify(failureOf(error)), { cause: error });
  thrown.name = error instanceof Error ? error.name : 'Error';
  return thrown;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'code') === 'string' &&
  typeof Reflect.get(value, 'message') === 'string';

/** Reads back what `thrownToMachine` wrote, from what Step Functions caught: Lambda's error object with our JSON as its message. */
export const caughtByMachine = (caught: { readonly Error?: string; readonly Cause?: string } | undefined): Failure => {
  const cause = parsed(caught?.Cause ?? '');
  const message = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'errorMessage') : undefined;
  const failure = typeof message === 'string' ? parsed(message) : undefined;
  if (isFailure(failure)) return failure;
  if (caught?.Error === 'Abandoned') return { code: 'Abandoned', message: 'the execution ended without a verdict' };
  return { code: caught?.Error ?? 'unknown', message: `a step did not answer (${caught?.Error ?? 'unknown'})` };
};
