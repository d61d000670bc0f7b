import type * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';

export interface Cursors<State> {
  write(state: State): string;
  /** Refuses what was not written here. */
  read(cursor: string): State;
}

const unreadable = (cause: unknown): DriverError =>
  new DriverError('the cursor was not given out by this driver', { outcome: 'DriverRejected', code: 'request.invalid', cause });

export const cursorsOf = <State>(schema: z.ZodType<State>): Cursors<State> => ({
  write: (state) => Buffer.from(JSON.stringify(state)).toString('base64url'),
  read(cursor) {
    try {
      return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    } catch (cause) {
      throw unreadable(cause);
    }
  },
});
