export const eventSeverities = ['info', 'warning', 'error', 'critical'] as const;
export type EventSeverity = (typeof eventSeverities)[number];

/** `stateChanged` tells a state that was compared; alerts are raised and cleared by the array itself. */
export const eventKinds = ['stateChanged', 'alertRaised', 'alertCleared', 'other'] as const;
export type EventKind = (typeof eventKinds)[number];

export const eventObjectTypes = ['array', 'system', 'pool', 'port', 'host', 'volume', 'device', 'other'] as const;
export type EventObjectType = (typeof eventObjectTypes)[number];

/** Something that happened on the array. */
export interface ArrayEvent {
  /** The same whenever this event is told again; unique on the array. */
  eventId: string;
  /** When it happened; when it was noticed, on arrays that do not tell. ISO 8601. */
  occurredAt: string;
  kind: EventKind;
  severity: EventSeverity;
  object: { type: EventObjectType; nativeId: string; name?: string };
  /** One sentence for a person, at most 500 characters. */
  message: string;
  /** With `stateChanged`. */
  state?: { before: string; after: string };
  /** The array's own code, as text. */
  nativeCode?: string;
}
