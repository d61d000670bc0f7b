import { describe, expect, it } from 'vitest';
import { scheduleOf } from '../../../../local/events/schedule.ts';

const at = (iso: string) => Date.parse(iso);
const next = (expression: string, from: string) => new Date(scheduleOf(expression)(at(from)) ?? Number.NaN).toISOString();

describe('schedules', () => {
  it.each([
    ['rate(1 minute)', '2030-01-01T00:00:30.000Z', '2030-01-01T00:01:30.000Z'],
    ['rate(5 minutes)', '2030-01-01T00:00:00.000Z', '2030-01-01T00:05:00.000Z'],
    ['rate(2 hours)', '2030-01-01T00:00:00.000Z', '2030-01-01T02:00:00.000Z'],
    ['rate(1 day)', '2030-01-01T00:00:00.000Z', '2030-01-02T00:00:00.000Z'],
    ['cron(15 10 * * ? *)', '2030-01-01T10:15:00.000Z', '2030-01-02T10:15:00.000Z'],
    ['cron(0/10 * * * ? *)', '2030-01-01T10:15:00.000Z', '2030-01-01T10:20:00.000Z'],
    ['cron(0 8 1 * ? *)', '2030-01-02T00:00:00.000Z', '2030-02-01T08:00:00.000Z'],
    ['cron(0 18 ? * MON-FRI *)', '2030-01-04T18:00:00.000Z', '2030-01-07T18:00:00.000Z'],
    ['cron(0 0 ? * 1 *)', '2030-01-01T00:00:00.000Z', '2030-01-06T00:00:00.000Z'],
    ['cron(0 0 ? * 2-3 *)', '2030-01-02T00:00:00.000Z', '2030-01-07T00:00:00.000Z'],
    ['cron(0 0 ? * 6#3 *)', '2030-01-01T00:00:00.000Z', '2030-01-18T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2032)', '2030-01-01T00:00:00.000Z', '2032-01-01T00:00:00.000Z'],
  ])('%s after %s is due at %s', (expression, from, expected) => {
    expect(next(expression, from)).toBe(expected);
  });

  it('end with their last year', () => {
    expect(scheduleOf('cron(0 0 1 1 ? 2029)')(at('2030-01-01T00:00:00Z'))).toBeUndefined();
  });

  it.each(['rate(0 minutes)', 'rate(5 parsecs)', 'cron(0 0 * * *)', 'cron(0 0 * * * *)', 'cron(0 0 L * ? *)', 'at(2030-01-01T00:00:00)'])(
    'refuses %s',
    (expression) => {
      expect(() => scheduleOf(expression)).toThrow(`the host does not know the schedule ${expression}`);
    },
  );
});
