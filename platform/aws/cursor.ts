import { ControlPlaneError } from '../../core/errors.ts';

/** A cursor is the last key of the page before. It leads only within the list it came from. */

export const writeCursor = (lastKey: Record<string, unknown>): string => Buffer.from(JSON.stringify(lastKey)).toString('base64url');

export const invalidCursor = (cause?: unknown): ControlPlaneError =>
  new ControlPlaneError('cursor: not one that this list has given; start again without it', { code: 'request.parameterInvalid', cause });

const parsed = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    throw invalidCursor(error);
  }
};

export const readCursor = (cursor: string, list: { pkName: string; pk: string }): Record<string, string> => {
  const key = parsed(cursor);
  if (typeof key !== 'object' || key === null) throw invalidCursor();
  const entries = Object.entries(key);
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  if (!entries.every(isText)) throw invalidCursor();
  const start = Object.fromEntries(entries);
  if (start[list.pkName] !== list.pk) throw invalidCursor();
  return start;
};
