import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';

const cursorState = z.object({
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
export type CursorState = z.infer<typeof cursorState>;

export const writeCursor = (state: CursorState): string => Buffer.from(JSON.stringify(state)).toString('base64url');

export const readCursor = (cursor: string): CursorState => {
  try {
    return cursorState.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new DriverError('the cursor was not given out by this driver', { outcome: 'DriverRejected', code: 'request.invalid', cause });
  }
};
