import type * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import type { HttpAnswer } from '../sdk/https.ts';
import { failureOf } from './failures.ts';

const unreadable = (message: string, outcome: 'DriverBusy' | 'DriverRejected' | 'DriverUncertain', cause: unknown): DriverError =>
  new DriverError(message, { outcome, code: 'array.answerUnreadable', cause });

const parseJson = (body: string, changes: boolean): unknown => {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw unreadable('the gateway answered something that is not JSON', changes ? 'DriverUncertain' : 'DriverBusy', cause);
  }
};

/**
 * The body of a good answer in the shape asked for; a refusal throws what its code means. Text that is not JSON comes from something in
 * front of the array and may pass; JSON of another shape will not.
 */
export const readAnswer = <T>(answer: HttpAnswer, schema: z.ZodType<T>, changes = false): T => {
  if (answer.status !== 200) throw failureOf({ ...answer, changes });
  const checked = schema.safeParse(parseJson(answer.body, changes));
  if (checked.success) return checked.data;
  const where = checked.error.issues[0]?.path.join('.');
  throw unreadable(
    `the gateway answered JSON of an unknown shape at "${where}"`,
    changes ? 'DriverUncertain' : 'DriverRejected',
    checked.error,
  );
};

/** An action answers `{}`, or nothing in some releases. */
export const requireDone = (answer: HttpAnswer): void => {
  if (answer.status !== 200) throw failureOf({ ...answer, changes: true });
  if (answer.body.trim() !== '') parseJson(answer.body, true);
};
