import { ControlPlaneError } from '../errors.ts';
import { historyDays } from './write.ts';

const msPerDay = 86_400_000;

/**
 * A time of which the state is asked, as ISO time in UTC. What happens at the same moment may still change the answer for some seconds: a change carries
 * the time of its request.
 */
export const momentOf = (text: string, nowMs: number): string => {
  const ms = Date.parse(text);
  const oldestMs = nowMs - historyDays * msPerDay;
  if (ms > nowMs)
    throw new ControlPlaneError(`as_of: ${text} is in the future; it is ${new Date(nowMs).toISOString()} now`, {
      code: 'request.outOfRange',
    });
  if (ms < oldestMs)
    throw new ControlPlaneError(
      `as_of: ${text} is longer ago than the ${historyDays} days that history is kept; the oldest time is ${new Date(oldestMs).toISOString()}`,
      { code: 'request.outOfRange' },
    );
  return new Date(ms).toISOString();
};
