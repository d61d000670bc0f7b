import { type ErrorCode, errorKinds } from '../errors.ts';
import type { StepAnswers, TaskEnd } from './steps.ts';

const isErrorCode = (code: string): code is ErrorCode => code in errorKinds;

/** Codes of drivers are dotted and belong to the array; undotted ones are the control plane's own. */
const codeOf = (code: string): ErrorCode => {
  if (code === 'Cancelled') return 'operation.cancelled';
  if (isErrorCode(code)) return code;
  return code.includes('.') ? 'array.rejected' : 'operation.failed';
};

/** The error of a task whose operation failed. */
export const failedTask = (
  resourceId: string,
  failure: { readonly code: string; readonly message: string } | undefined,
  message: string,
): TaskEnd => ({
  resourceId,
  state: 'error',
  message,
  error: { code: codeOf(failure?.code ?? 'operation.failed'), details: failure?.message ?? message },
});

/** The error of a task whose resource an operator let go. */
export const releasedTask = (resourceId: string, what: string): TaskEnd => {
  const details = `${what} was released by an operator; whatever of it is on the array stays there`;
  return { resourceId, state: 'error', message: 'released', error: { code: 'operation.failed', details } };
};

/** The error of a task whose item the array rejected while others went on. */
export const rejectedTask = (resourceId: string, answer: StepAnswers[number] | undefined, message: string): TaskEnd => {
  const details = answer?.error?.message ?? 'the array did not answer for it';
  return { resourceId, state: 'error', message, error: { code: 'array.rejected', details } };
};
