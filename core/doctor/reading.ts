import * as z from 'zod';
import type { Row } from '../change.ts';
import type { Finding } from './finding.ts';

/** Rows as what they are, and those that cannot be read as that. */
export interface Reading<T> {
  readonly found: readonly T[];
  readonly unreadable: readonly Finding[];
}

const readOne = <T>(row: Row, parse: (row: Row) => T | undefined): Reading<T> => {
  try {
    const value = parse(row);
    return { found: value === undefined ? [] : [value], unreadable: [] };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const fields = [...new Set(error.issues.map(({ path }) => path.join('.')))].join(', ');
    return { found: [], unreadable: [{ check: 'rows', subject: `${row.pk} ${row.sk}`, says: `this release cannot read it: ${fields}` }] };
  }
};

/** `parse` answers undefined for rows of another kind, and throws what zod throws. */
export const readRows = <T>(rows: readonly Row[], parse: (row: Row) => T | undefined): Reading<T> => {
  const readings = rows.map((row) => readOne(row, parse));
  return { found: readings.flatMap(({ found }) => found), unreadable: readings.flatMap(({ unreadable }) => unreadable) };
};
