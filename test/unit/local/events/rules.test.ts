import { describe, expect, it } from 'vitest';
import { createClock } from '../../../../local/clock/clock.ts';
import { rulesOf, startRules } from '../../../../local/events/rules.ts';
import { openFixture } from '../../../support/assembly.ts';

const target = { Id: 'x', Arn: 'arn:aws:lambda:us-east-1:000000000000:function:events:live' };

function start(properties: object) {
  const Resources = { Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [target], ...properties } } };
  const rules = rulesOf(openFixture({ stacks: { App: { Resources } } }), (name) => `arn:rule/${name}`);
  const clock = createClock({ mode: 'accelerated', rate: 0, skipIdle: false, startAt: Date.UTC(2030, 0, 1) });
  const delivered: { arn: string; payload: Record<string, unknown> }[] = [];
  const deliver = (_: unknown, { arn }: { arn: string }, payload: string) => void delivered.push({ arn, payload: JSON.parse(payload) });
  return { clock, delivered, running: startRules({ rules, clock, region: 'us-east-1', accountId: '000000000000', deliver }) };
}

describe('rules', () => {
  it('with a schedule send a scheduled event each time they are due', async () => {
    const { clock, delivered, running } = start({ ScheduleExpression: 'rate(1 minute)' });
    await clock.advance(59_999);
    expect(delivered).toEqual([]);
    await clock.advance(120_001);
    expect(delivered.map(({ payload }) => payload['time'])).toEqual([
      '2030-01-01T00:01:00Z',
      '2030-01-01T00:02:00Z',
      '2030-01-01T00:03:00Z',
    ]);
    expect(delivered[0]).toMatchObject({
      arn: target.Arn,
      payload: { 'detail-type': 'Scheduled Event', source: 'aws.events', resources: ['arn:rule/App-Rule'], detail: {} },
    });
    running.close();
    await clock.advance(600_000);
    expect(delivered).toHaveLength(3);
  });

  it('with a schedule fire by hand, also when disabled', async () => {
    const { clock, delivered, running } = start({ ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' });
    await clock.advance(60_000);
    expect(delivered).toEqual([]);
    expect(running.fire('App-Rule')).toBe(true);
    expect(running.fire('Other')).toBe(false);
    expect(delivered).toHaveLength(1);
  });

  it('that come at least hourly fire at once when a host goes on where another one was', () => {
    const minute = start({ ScheduleExpression: 'rate(1 minute)' });
    minute.running.catchUp();
    expect(minute.delivered).toHaveLength(1);
    for (const seldom of [{ ScheduleExpression: 'rate(1 day)' }, { ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' }]) {
      const { delivered, running } = start(seldom);
      running.catchUp();
      expect(delivered).toEqual([]);
    }
  });

  it('with a pattern send on the events that fit', () => {
    const { delivered, running } = start({ EventPattern: { source: ['aws.states'], detail: { status: ['FAILED'] } } });
    const event = (status: string) => ({ source: 'aws.states', 'detail-type': 'any', detail: { status } });
    running.publish(event('SUCCEEDED'));
    running.publish(event('FAILED'));
    expect(delivered).toEqual([{ arn: target.Arn, payload: event('FAILED') }]);
    expect(running.fire('App-Rule')).toBe(false);
  });

  it('with an input send that instead of the event', () => {
    const { delivered, running } = start({ ScheduleExpression: 'rate(1 day)', Targets: [{ ...target, Input: '{"kind":"daily"}' }] });
    running.fire('App-Rule');
    expect(delivered[0]?.payload).toEqual({ kind: 'daily' });
    running.close();
  });

  it.each([
    [
      'a target that is neither function nor queue',
      { Targets: [{ Id: 'x', Arn: 'arn:aws:sns:us-east-1:000000000000:topic' }] },
      'App/Rule: the host cannot send events to arn:aws:sns',
    ],
    [
      'an input transformer',
      { Targets: [{ ...target, InputTransformer: {} }] },
      'App/Rule (AWS::Events::Rule) is more than the host implements',
    ],
    ['another bus', { EventBusName: 'mine' }, 'App/Rule (AWS::Events::Rule) is more than the host implements'],
  ])('with %s stop the boot', (_, properties, message) => {
    expect(() => start(properties)).toThrow(message);
  });
});
