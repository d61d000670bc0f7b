import { Cron } from 'croner';
import { AssemblyError } from '../assembly/load.ts';

/** The moment a schedule is due next, strictly after `from`; undefined when never again. All in epoch milliseconds. */
export type Schedule = (from: number) => number | undefined;

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function rate(expression: string): Schedule | undefined {
  const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const everyMs = Number(count) * (unitMs[unit] ?? 0);
  return everyMs > 0 ? (from) => from + everyMs : undefined;
}

/** AWS counts days of the week from 1 = Sunday, croner from 0. What follows `#` is the week of the month. */
const dayOfWeek = (field: string): string => field.replaceAll(/(?<![#\d])[1-7]/g, (day) => String(Number(day) - 1));

function cron(expression: string): Schedule | undefined {
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields;
  const leavesOneOpen = (day === '?') !== (weekday === '?');
  if (!leavesOneOpen || /[LW]/.test(`${day} ${weekday}`.replaceAll(/[A-Z]{3}/g, ''))) return undefined;
  const open = (field: string) => (field === '?' ? '*' : field);
  const pattern = ['0', minute, hour, open(day), month, dayOfWeek(open(weekday)), year].join(' ');
  const job = new Cron(pattern, { timezone: 'UTC', paused: true, mode: '7-part', sloppyRanges: true });
  return (from) => job.nextRun(new Date(from))?.getTime();
}

/** Reads `rate(…)` and `cron(…)` in AWS's dialect, without `L` and `W`. Throws `AssemblyError` for anything else. */
export function scheduleOf(expression: string): Schedule {
  const schedule = rate(expression) ?? cron(expression);
  if (schedule === undefined) throw new AssemblyError(`the host does not know the schedule ${expression}`);
  return schedule;
}
