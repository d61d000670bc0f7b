import { DriverError, type DriverFailure, type DriverOutcome } from './errors.ts';
import type { ItemAnswer } from './verbs.ts';

/** As it travels in an answer; the cause stays at home. */
export const toFailure = ({ name, code, message, nativeCode, nativeMessage, facts }: DriverError): DriverFailure => ({
  name,
  code,
  message,
  nativeCode,
  nativeMessage,
  facts,
});

const statuses: { readonly [O in DriverOutcome]: 'rejected' | 'busy' | 'uncertain' | 'inProgress' } = {
  DriverRejected: 'rejected',
  DriverBusy: 'busy',
  DriverUncertain: 'uncertain',
  DriverUnfinished: 'inProgress',
};

/** The answer for an item whose work threw. */
export const failedItem = (ref: string, error: DriverError): ItemAnswer<never> => ({
  ref,
  status: statuses[error.name],
  error: toFailure(error),
});

/** Anything but a driver error is a defect; what it did before is not known. */
export const asDriverError = (error: unknown): DriverError =>
  error instanceof DriverError
    ? error
    : new DriverError(`the driver failed: ${error instanceof Error ? error.name : typeof error}`, {
        outcome: 'DriverUncertain',
        code: 'driver.failed',
        cause: error,
      });

/** Once an item has changed the array, no later failure may claim that nothing was changed. */
export const afterChange = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const { message, code, nativeCode, nativeMessage, facts } = asDriverError(error);
    throw new DriverError(message, { outcome: 'DriverUncertain', code, nativeCode, nativeMessage, facts, cause: error });
  }
};
