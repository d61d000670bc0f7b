import * as z from 'zod';
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

const walkState = z.object({
  /** Which listing is under way, of those the first page decided on. */
  listing: z.int().min(0),
  /** Id of the last volume given out of it. */
  after: z.string(),
  /** Volumes given out so far. */
  seen: z.int().min(0),
  /** Whether the first page decided on one listing a pool. */
  byPool: z.boolean(),
  /** State of the array's management when the first page was read. */
  clusterState: z.string(),
  /** Tells one walk through the volumes from the next. */
  walk: z.string(),
});
export type WalkState = z.infer<typeof walkState>;

export const walkCursors = cursorsOf(walkState);
