import { createHash } from 'node:crypto';
import type { ArrayEvent, EventObjectType, EventSeverity } from '../sdk/model/event.ts';
import type { ObjectState } from '../sdk/model.ts';
import type { EventsPage, EventsRequest } from '../sdk/verbs/observe.ts';
import { alertRaised, readAlerts } from './alerts.ts';
import { type Memory, newMemory, readMemory, writeMemory } from './event-memory.ts';
import { readStates, type StateNow } from './object-states.ts';
import type { Run } from './run.ts';
import type { AlertWire } from './wire.ts';

/** One event, and what is remembered once it was told. */
interface Change {
  event: ArrayEvent;
  remember: (memory: Memory) => void;
}

interface Now {
  memory: Memory;
  at: string;
  systemId: string;
}

/** The same for who asks again with the same cursor. */
const idOf = ({ memory }: Now, what: string): string =>
  createHash('sha256').update(`${memory.origin} ${memory.turn} ${what}`).digest('hex').slice(0, 32);

const whenOffline: { readonly [T in EventObjectType]?: EventSeverity } = { array: 'critical', system: 'critical', host: 'warning' };

const severityOf = (type: EventObjectType, state: string): EventSeverity => {
  if (state === 'offline') return whenOffline[type] ?? 'error';
  return state === 'degraded' ? 'warning' : 'info';
};

const keyOf = ({ type, nativeId }: Pick<StateNow, 'type' | 'nativeId'>): string => `${type} ${nativeId}`;

const stateChange = (now: Now, object: StateNow, change: { before: string; after: string }): Change => {
  const key = keyOf(object);
  const { before, after } = change;
  return {
    event: {
      eventId: idOf(now, `${key} ${after}`),
      occurredAt: now.at,
      kind: 'stateChanged',
      severity: severityOf(object.type, after),
      object: { type: object.type, nativeId: object.nativeId, name: object.name },
      message: `${object.type} ${object.name} is ${after}, and was ${before}`,
      state: change,
    },
    remember: ({ unwell }) => {
      if (after === 'offline' || after === 'degraded') unwell.set(key, after);
      else unwell.delete(key);
    },
  };
};

/** An object that is not remembered was well; one whose state cannot be told stays as it was. */
const changedStates = (now: Now, states: readonly StateNow[]): readonly Change[] =>
  states.flatMap((object) => {
    const before: ObjectState = now.memory.unwell.get(keyOf(object)) ?? 'online';
    return object.state === before || object.state === 'unknown' ? [] : [stateChange(now, object, { before, after: object.state })];
  });

const vanished = (now: Now, states: readonly StateNow[]): readonly Change[] => {
  const there = new Set(states.map(keyOf));
  return [...now.memory.unwell].flatMap(([key, before]) => {
    const [type = 'other', nativeId = ''] = key.split(' ');
    const object: StateNow = { type: type as EventObjectType, nativeId, name: nativeId, state: 'unknown' };
    return there.has(key) ? [] : [stateChange(now, object, { before, after: 'removed' })];
  });
};

const raised = (now: Now, alerts: readonly AlertWire[]): readonly Change[] =>
  alerts
    .filter(({ id }) => !now.memory.alerts.has(id))
    .map((alert) => ({ event: alertRaised(alert, now), remember: (memory) => void memory.alerts.add(alert.id) }));

const cleared = (now: Now, alerts: readonly AlertWire[]): readonly Change[] => {
  const there = new Set(alerts.map(({ id }) => id));
  return [...now.memory.alerts]
    .filter((id) => !there.has(id))
    .map((id) => ({
      event: {
        eventId: idOf(now, `cleared ${id}`),
        occurredAt: now.at,
        kind: 'alertCleared',
        severity: 'info',
        object: { type: 'array', nativeId: now.systemId },
        message: `the array's alert ${id} is over`,
        nativeCode: id,
      },
      remember: (memory) => void memory.alerts.delete(id),
    }));
};

const oldestFirst = (one: Change, other: Change): number => Date.parse(one.event.occurredAt) - Date.parse(other.event.occurredAt);

/**
 * States are compared with those in the cursor, where only what was not well is kept; alerts come from the array, where its gateway
 * tells them. Six to eight calls, whatever the array holds.
 */
export const readEvents = async ({ gateway, limits }: Run, { cursor, limit }: EventsRequest): Promise<EventsPage> => {
  const at = new Date(limits.now()).toISOString();
  const { memory, gap } = cursor === undefined ? { memory: newMemory(), gap: false } : readMemory(cursor, gateway.system.id);
  const now: Now = { memory, at, systemId: gateway.system.id };
  const [states, alerts] = [await readStates(gateway), await readAlerts(gateway)];
  const changes = [...changedStates(now, states), ...vanished(now, states), ...raised(now, alerts), ...cleared(now, alerts)];
  const told = changes.sort(oldestFirst).slice(0, limit);
  const next: Memory = { ...memory, origin: memory.origin || at, turn: memory.turn + 1 };
  for (const { remember } of told) remember(next);
  const nextCursor = writeMemory(next, gateway.system.id);
  return { events: told.map(({ event }) => event), nextCursor, more: changes.length > told.length, gap };
};
