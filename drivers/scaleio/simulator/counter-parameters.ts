import type { Json } from './json.ts';

/** Alert thresholds of a counter over a minute, an hour and a day. */
export function counterParameters(minute: number, hour: number, day: number): Json {
  return {
    shortWindow: { threshold: minute, windowSizeInSec: 60 },
    mediumWindow: { threshold: hour, windowSizeInSec: 3600 },
    longWindow: { threshold: day, windowSizeInSec: 86400 },
  };
}
