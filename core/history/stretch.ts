import type { Row } from '../change.ts';
import type { Rows } from '../ports.ts';
import { ulidTimeMs } from './ulid-time.ts';

const msPerDay = 86_400_000;
/** An event stands under the day its request began; its key is made later, but not by so much. */
const longestRequestMs = 3_600_000;
const largestPage = 1000;

/** From one place in time to another, as ULIDs or beginnings of them; the second is not included. */
export interface Bounds {
  readonly from: string;
  readonly to: string;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const daysOf = ({ from, to }: Bounds): string[] => {
  const [firstMs, lastMs] = [ulidTimeMs(from) - longestRequestMs, ulidTimeMs(to)];
  const days = Math.floor(lastMs / msPerDay) - Math.floor(firstMs / msPerDay) + 1;
  return Array.from({ length: days }, (_, n) => dayOf(firstMs + n * msPerDay));
};

const keysOfDay = async (rows: Rows, day: string, { from, to, most }: Bounds & { readonly most: number }): Promise<Row[]> => {
  const found: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await rows.query({
      table: 'History',
      index: 'ByDay',
      pk: day,
      skBetween: [from, to],
      limit: Math.min(most, largestPage),
      ...(cursor ? { cursor } : {}),
    });
    found.push(...page.rows);
    cursor = page.cursor;
  } while (cursor && found.length < most);
  return found;
};

const byKey = (a: Row, b: Row): number => (String(a['daySk']) < String(b['daySk']) ? -1 : 1);

/** The events between two places in time, in the order of their keys, through an index that may lag; at most the first `most`. */
export const eventsBetween = async (rows: Rows, bounds: Bounds, most = Number.POSITIVE_INFINITY): Promise<Row[]> => {
  const days = await Promise.all(daysOf(bounds).map((day) => keysOfDay(rows, day, { ...bounds, most })));
  const keys = days.flat().sort(byKey).slice(0, most);
  if (keys.length === 0) return [];
  const found = await rows.getMany(
    'History',
    keys.map(({ pk, sk }) => ({ pk, sk })),
  );
  return found.filter((row) => row !== undefined);
};
