import { createHash } from 'node:crypto';
import { capacityOf } from './capacity.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import type { ArrayState, Pool } from './model.ts';
import { alertThresholds, usedPercent } from './pools.ts';

type Severity = 'ALERT_LOW' | 'ALERT_MEDIUM' | 'ALERT_HIGH';

interface Condition {
  alertType: string;
  severity: Severity;
  type: 'System' | 'StoragePool' | 'Sds' | 'Sdc' | 'Device';
  objectId: string;
}

interface Alert extends Condition {
  id: string;
  sinceMs: number;
}

function ofPool(array: ArrayState, pool: Pool): Condition[] {
  const { failed, degraded, unreachableUnused } = capacityOf(array, pool);
  const percent = usedPercent(array, pool);
  const isCritical = percent >= alertThresholds.critical;
  const rows: [holds: boolean, alertType: string, severity: Severity][] = [
    [failed > 0, 'STORAGE_POOL_HAS_FAILED_CAPACITY', 'ALERT_HIGH'],
    [degraded > 0, 'STORAGE_POOL_HAS_DEGRADED_CAPACITY', 'ALERT_MEDIUM'],
    [unreachableUnused > 0, 'STORAGE_POOL_HAS_UNAVAILABLE_UNUSED_CAPACITY', 'ALERT_MEDIUM'],
    [isCritical, 'CAPACITY_UTILIZATION_ABOVE_CRITICAL_THRESHOLD', 'ALERT_HIGH'],
    [percent >= alertThresholds.high && !isCritical, 'CAPACITY_UTILIZATION_ABOVE_HIGH_THRESHOLD', 'ALERT_MEDIUM'],
  ];
  return rows.flatMap(([holds, alertType, severity]) => (holds ? [{ alertType, severity, type: 'StoragePool', objectId: pool.id }] : []));
}

function ofUnits(array: ArrayState): Condition[] {
  const away = <T extends { id: string }>(items: Iterable<T>, isAway: (item: T) => boolean) => [...items].filter(isAway);
  const condition = (alertType: string, severity: Severity, type: Condition['type']) => (item: { id: string }) => ({
    ...{ alertType, severity, type, objectId: item.id },
  });
  return [
    ...away(array.sdss.values(), ({ connected }) => !connected).map(condition('SDS_DISCONNECTED', 'ALERT_HIGH', 'Sds')),
    ...away(array.devices.values(), ({ failed }) => failed).map(condition('DEVICE_FAILED', 'ALERT_HIGH', 'Device')),
    ...away(array.sdcs.values(), ({ connected, hostType }) => hostType === 'SdcHost' && !connected).map(
      condition('SDC_DISCONNECTED', 'ALERT_LOW', 'Sdc'),
    ),
  ];
}

const ofCluster = ({ mdm, system }: ArrayState): Condition[] =>
  mdm.recoversAtMs === null ? [] : [{ alertType: 'CLUSTER_DEGRADED', severity: 'ALERT_MEDIUM', type: 'System', objectId: system.id }];

const keyOf = ({ alertType, objectId }: Condition) => `${alertType}/${objectId}`;

/** The same condition at the same object has the same id, in the form of a UUID. */
const uuidOf = (key: string) =>
  createHash('sha256')
    .update(key)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');

/** An alert begins when it is first seen, and ends with its cause. */
function alertsOf(array: ArrayState): Alert[] {
  const conditions = [...ofCluster(array), ...[...array.pools.values()].flatMap((pool) => ofPool(array, pool)), ...ofUnits(array)];
  const keys = new Set(conditions.map(keyOf));
  for (const key of array.alertsSinceMs.keys()) if (!keys.has(key)) array.alertsSinceMs.delete(key);
  return conditions.map((condition) => {
    const key = keyOf(condition);
    const sinceMs = array.alertsSinceMs.get(key) ?? array.clock.nowMs();
    array.alertsSinceMs.set(key, sinceMs);
    return { ...condition, id: uuidOf(key), sinceMs };
  });
}

function alertView(array: ArrayState, { id, alertType, severity, type, objectId, sinceMs }: Alert): Json {
  return {
    ...{ id, uuid: id, name: id, alertType, severity, alertValues: {} },
    affectedObject: { type: `com.emc.ecs.api.model.gen.${type}`, id: objectId, objectId },
    startTime: new Date(sinceMs).toISOString(),
    lastObserved: new Date(array.clock.nowMs()).toISOString(),
  };
}

/** What is wrong now. From 4.x on alerts are not the gateway's any more. */
export const alerts = defineFamily<Alert>({
  type: 'Alert',
  until: '3.6',
  missing: 'NOT_FOUND',
  readId: (id) => id,
  items: alertsOf,
  find: (array, id) => alertsOf(array).find((alert) => alert.id === id),
  view: alertView,
});
