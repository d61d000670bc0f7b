import { DriverError } from '../sdk/errors.ts';

/** What the array, or this account, will not tell is not known; whatever else goes wrong is thrown. */
export const unlessRefused = async <T, Else>(read: Promise<T>, otherwise: Else): Promise<T | Else> => {
  try {
    return await read;
  } catch (error) {
    if (error instanceof DriverError && error.name === 'DriverRejected') return otherwise;
    throw error;
  }
};
