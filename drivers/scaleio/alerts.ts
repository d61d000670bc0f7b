import * as z from 'zod';
import type { ArrayEvent, EventObjectType, EventSeverity } from '../sdk/model/event.ts';
import type { Gateway } from './gateway.ts';
import { unlessRefused } from './refusal.ts';
import { type AlertWire, alertWire } from './wire.ts';

/** Gateways from 4.x on leave alerts to another service; they are asked once in a session. */
export const readAlerts = async (gateway: Gateway): Promise<readonly AlertWire[]> => {
  const lacking = await gateway.facts.once('lacking alerts', async () => new Set<string>());
  if (lacking.has('Alert')) return [];
  const alerts = await unlessRefused(gateway.get(z.array(alertWire), '/api/types/Alert/instances'), undefined);
  if (alerts === undefined) lacking.add('Alert');
  return alerts ?? [];
};

const severities: ReadonlyMap<string, EventSeverity> = new Map([
  ['ALERT_LOW', 'warning'],
  ['ALERT_MEDIUM', 'error'],
  ['ALERT_HIGH', 'critical'],
]);

/** Last part of the type's name, which may be that of a class. */
const objectTypes: ReadonlyMap<string, EventObjectType> = new Map([
  ['System', 'array'],
  ['ProtectionDomain', 'system'],
  ['StoragePool', 'pool'],
  ['Sds', 'port'],
  ['Sdt', 'port'],
  ['Sdc', 'host'],
  ['Volume', 'volume'],
  ['Device', 'device'],
]);

const timeOf = ({ startTime }: AlertWire, noticedAt: string): string => {
  const startedAt = Date.parse(startTime ?? '');
  return Number.isNaN(startedAt) ? noticedAt : new Date(startedAt).toISOString();
};

const objectOf = ({ affectedObject }: AlertWire, systemId: string): ArrayEvent['object'] => ({
  type: objectTypes.get(affectedObject?.type?.split('.').at(-1) ?? 'System') ?? 'other',
  nativeId: affectedObject?.objectId || affectedObject?.id || systemId,
});

export interface Noticed {
  at: string;
  systemId: string;
}

export const alertRaised = (alert: AlertWire, { at, systemId }: Noticed): ArrayEvent => {
  const type = alert.alertType || alert.name || 'an alert';
  const occurredAt = timeOf(alert, at);
  return {
    eventId: `alert ${alert.id} ${occurredAt}`,
    occurredAt,
    kind: 'alertRaised',
    severity: severities.get(alert.severity ?? '') ?? 'info',
    object: objectOf(alert, systemId),
    message: `the array raised ${type}`.slice(0, 500),
    nativeCode: type,
  };
};
