import type { HostComponent } from '../../../drivers/sdk/model.ts';
import type { EventsPage, EventsRequest, StatisticsPage, StatisticsRequest } from '../../../drivers/sdk/verbs/observe.ts';
import type { HostIntent, HostItem, MaintenanceItem, MaintenanceState, OperationState } from '../../../drivers/sdk/verbs/operate.ts';
import { change, gibibyte, newId, type PaperArray } from './array.ts';
import { type Done, pools, requireInventoryCursor } from './block.ts';
import { refused, requireThat } from './checks.ts';

const sorted = (ids: readonly string[]): string => [...ids].sort().join();

export const ensureHost = (array: PaperArray, intent: HostIntent): Done<HostComponent> => {
  const wanted = intent.initiators.map(({ id }) => id);
  const [there, ...others] = array.hosts.filter(({ initiators }) => initiators.some(({ id }) => wanted.includes(id)));
  requireThat(others.length === 0, 'object.foreign');
  if (there) return { outcome: 'found', nativeId: there.nativeId, observed: there };
  return change(array, 'create', () => {
    const initiators = intent.initiators.map(({ type, id }) => ({
      type,
      id,
      protocol: 'iSCSI',
      approved: true,
      state: 'unknown' as const,
    }));
    const made: HostComponent = {
      nativeId: newId(array, 'h'),
      name: intent.name,
      osType: intent.osType,
      addresses: [],
      state: 'unknown',
      initiators,
    };
    array.hosts.push(made);
    return { outcome: 'made', nativeId: made.nativeId, observed: made };
  });
};

export const removeHost = (array: PaperArray, { host }: HostItem): Done<never> => {
  const there = array.hosts.find(({ nativeId }) => nativeId === host.nativeId);
  if (there === undefined) return { outcome: 'found' };
  const isSame = sorted(there.initiators.map(({ id }) => id)) === sorted(host.initiators.map(({ id }) => id));
  requireThat(isSame && there.name === host.expectedName, 'object.drifted');
  array.onChange();
  array.hosts = array.hosts.filter((other) => other !== there);
  return { outcome: 'made' };
};

export const checkMaintenance = (_array: PaperArray, { component }: MaintenanceItem): Done<MaintenanceState> => ({
  outcome: 'found',
  nativeId: component.nativeId,
  observed: { phase: 'inService', blockers: [] },
});

/** Of paper nothing is ever taken out of service. */
export const requireComponent = (array: PaperArray, item: MaintenanceItem): Done<MaintenanceState> => {
  requireThat(item.component.expectedName === 'port', 'object.drifted');
  return checkMaintenance(array, item);
};

/** A move ends after it was asked about as often as it has seconds. */
export const pollMove = (array: PaperArray, handle: string): OperationState => {
  const move = array.moves.get(handle);
  const still = { percent: 0, retryAfterSeconds: 1, cancellable: false };
  if (move === undefined) return { ...still, state: 'unknown' };
  move.seconds -= 1;
  if (move.seconds > 0) return { ...still, state: 'running', percent: 50 };
  array.moves.delete(handle);
  const volume = array.volumes.get(move.volumeId);
  if (volume) volume.poolNativeId = move.poolId;
  return { ...still, state: 'succeeded', percent: 100 };
};

export const readStatistics = (array: PaperArray, { objectTypes, cursor, limit }: StatisticsRequest): StatisticsPage => {
  const from = requireInventoryCursor(cursor);
  const measuredAt = '2026-01-01T00:00:00Z';
  const common = { measuredAt, periodSeconds: 60 };
  const ofPools = pools.map((nativeId) => ({
    ...common,
    objectType: 'pool' as const,
    nativeId,
    metrics: { freeBytes: gibibyte, totalBytes: gibibyte },
  }));
  const ofVolumes = [...array.volumes.values()].map(({ nativeId, sizeBytes }) => ({
    ...common,
    objectType: 'volume' as const,
    nativeId,
    metrics: { readIops: 1, subscribedBytes: sizeBytes },
  }));
  const all = [...ofPools, ...ofVolumes].filter(({ objectType }) => objectTypes.includes(objectType));
  const samples = all.slice(from, from + limit);
  return { samples, ...(from + limit < all.length ? { nextCursor: String(from + limit) } : {}) };
};

const alerts = ['a1', 'a2'];

export const readEvents = ({ cursor, limit }: EventsRequest): EventsPage => {
  if (cursor !== undefined && !/^\d+$/.test(cursor)) throw refused('request.invalid');
  const from = Number(cursor ?? 0);
  const events = alerts.slice(from, from + limit).map((eventId) => ({
    eventId,
    occurredAt: '2026-01-01T00:00:00Z',
    kind: 'alertRaised' as const,
    severity: 'warning' as const,
    object: { type: 'array' as const, nativeId: 'paper-1' },
    message: 'the paper is thin',
  }));
  const next = from + events.length;
  return { events, nextCursor: String(next), more: next < alerts.length, gap: false };
};
