import type { ArrayEvent } from '../model/event.ts';
import type { MeasuredType, StatisticsSample } from '../model/statistics.ts';

export interface StatisticsRequest {
  objectTypes: readonly MeasuredType[];
  /** Samples that ended after this, where the array keeps a history; otherwise the present ones. ISO 8601. */
  since?: string;
  /** Wanted length of a sample; the driver gives the nearest that the array has. */
  periodSeconds?: number;
  /** From the page before. */
  cursor?: string;
  /** Most samples of one page; a page is at most 4 MB of JSON. */
  limit: number;
}

export interface StatisticsPage {
  samples: readonly StatisticsSample[];
  /** Absent on the last page. */
  nextCursor?: string;
}

/** Reads only; calls to the array do not grow with the number of objects, also over all pages. */
export interface StatisticsVerbs {
  /** What the array does not measure, or an object too young to have been, is left out: never 0, never a failure of the rest. */
  readStatistics(request: StatisticsRequest): Promise<StatisticsPage>;
}

export interface EventsRequest {
  /** `nextCursor` of the answer before; absent at the first call, which tells what is wrong now. At most 65,536 characters. */
  cursor?: string;
  /** Most events of one answer. */
  limit: number;
}

export interface EventsPage {
  /** Oldest first. */
  events: readonly ArrayEvent[];
  /** For the next call, always there. A cursor may be used again: it then tells the same events, with the same ids, and later ones. */
  nextCursor: string;
  /** More can be had at once. */
  more: boolean;
  /** Events may have been lost between the cursor and the first of these; what is wrong now is told again. */
  gap: boolean;
}

/** Reads only. The driver keeps nothing between calls: what it must remember is in the cursor. */
export interface EventsVerbs {
  readEvents(request: EventsRequest): Promise<EventsPage>;
}
