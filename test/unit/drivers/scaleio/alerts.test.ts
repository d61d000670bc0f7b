import { describe, expect, it } from 'vitest';
import { alertRaised } from '../../../../drivers/scaleio/alerts.ts';
import { alertWire } from '../../../../drivers/scaleio/wire.ts';

const at = '2026-01-01T00:00:00.000Z';
const systemId = '00000000000000ab';
const raised = (alert: object) => alertRaised(alertWire.parse({ id: 'a', ...alert }), { at, systemId });

describe('an alert of the array', () => {
  it('is told with its own time, code and object', () => {
    const affectedObject = { type: 'com.emc.ecs.api.model.gen.StoragePool', objectId: '00000000000000f1' };
    expect(raised({ alertType: 'FULL', severity: 'ALERT_HIGH', startTime: '2025-12-31T23:00:00.000Z', affectedObject })).toEqual({
      eventId: 'alert a 2025-12-31T23:00:00.000Z',
      occurredAt: '2025-12-31T23:00:00.000Z',
      kind: 'alertRaised',
      severity: 'critical',
      object: { type: 'pool', nativeId: '00000000000000f1' },
      message: 'the array raised FULL',
      nativeCode: 'FULL',
    });
  });

  it.each([
    ['ALERT_LOW', 'warning'],
    ['ALERT_MEDIUM', 'error'],
    ['SOMETHING_NEW', 'info'],
    [null, 'info'],
  ])('of severity %s is %s', (severity, expected) => {
    expect(raised({ severity }).severity).toBe(expected);
  });

  it('that tells little is one of the array itself, at the time it was noticed', () => {
    expect(raised({})).toMatchObject({ occurredAt: at, object: { type: 'array', nativeId: systemId }, nativeCode: 'an alert' });
    expect(raised({ name: 'n', startTime: 'yesterday' })).toMatchObject({ occurredAt: at, nativeCode: 'n' });
  });

  it('may be of an object that is named otherwise, or of an unknown kind', () => {
    expect(raised({ affectedObject: { id: '1', type: 'Sds' } }).object).toEqual({ type: 'port', nativeId: '1' });
    expect(raised({ affectedObject: { id: '1', type: 'Robot' } }).object.type).toBe('other');
    expect(raised({ affectedObject: {} }).object).toEqual({ type: 'array', nativeId: systemId });
  });
});
