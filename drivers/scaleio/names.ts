import { DriverError } from '../sdk/errors.ts';

/** The array takes up to 31 printable ASCII characters without spaces. */
const arrayName = /^[\x21-\x7e]{1,31}$/;

export const requireName = (name: string): void => {
  if (arrayName.test(name)) return;
  throw new DriverError(`name ${JSON.stringify(name)} must be 1 to 31 printable ASCII characters without spaces`, {
    outcome: 'DriverRejected',
    code: 'request.invalid',
  });
};
