import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { measuredTypes, type StatisticsSample } from '../sdk/model/statistics.ts';
import type { StatisticsPage, StatisticsRequest } from '../sdk/verbs/observe.ts';
import { cursorsOf } from './cursor.ts';
import { keep } from './kept.ts';
import { pageOf } from './page.ts';
import type { Run } from './run.ts';
import { readSamples } from './samples.ts';

const cursors = cursorsOf(
  z.object({
    /** Tells one walk through the samples from the next. */
    walk: z.string(),
    measuredAt: z.string(),
    /** The last sample given out; absent on the first page. */
    after: z.object({ objectType: z.enum(measuredTypes), nativeId: z.string() }).optional(),
  }),
);

const kept = keep<readonly StatisticsSample[]>();

/** The array keeps no history: samples are of the present window, and `since` and `periodSeconds` change nothing. */
export const readStatistics = async ({ gateway, limits }: Run, request: StatisticsRequest): Promise<StatisticsPage> => {
  const { objectTypes, cursor, limit } = request;
  const begun = { walk: randomUUID(), measuredAt: new Date(limits.now()).toISOString() };
  const state = cursor === undefined ? { ...begun, after: undefined } : cursors.read(cursor);
  const key = `${gateway.system.id} ${state.walk}`;
  const samples = await kept.get(key, () => readSamples(gateway, objectTypes, state.measuredAt));
  const { after } = state;
  const order = (type: StatisticsSample['objectType']): number => objectTypes.indexOf(type);
  const isLater = ({ objectType, nativeId }: StatisticsSample): boolean =>
    after === undefined || order(objectType) > order(after.objectType) || (objectType === after.objectType && nativeId > after.nativeId);
  const rest = samples.filter(isLater);
  const page = pageOf(rest, limit);
  const last = page.at(-1);
  if (last === undefined || page.length === rest.length) {
    kept.drop(key);
    return { samples: page };
  }
  const { objectType, nativeId } = last;
  return { samples: page, nextCursor: cursors.write({ ...state, after: { objectType, nativeId } }) };
};
