import * as z from 'zod';
import { eventKinds, eventObjectTypes, eventSeverities } from '../model/event.ts';
import { measuredTypes } from '../model/statistics.ts';
import { time } from './basics.ts';
import { capabilityInstance, hostComponent, observedVolume, storagePool, storagePort, storageSystem } from './observed.ts';

const pageCursor = z.string().min(1).max(4096).exactOptional();
const pageLimit = z.int().min(1).max(10_000);
const eventCursor = z.string().min(1).max(65_536);
const measured = z.number().min(0).exactOptional();

export const observeInputs = {
  readInventory: z.object({ scope: z.enum(['physical', 'volumes']), cursor: pageCursor, limit: pageLimit }),
  readStatistics: z.object({
    objectTypes: z.array(z.enum(measuredTypes)).min(1).max(measuredTypes.length),
    since: time.exactOptional(),
    periodSeconds: z.int().min(1).exactOptional(),
    cursor: pageCursor,
    limit: pageLimit,
  }),
  readEvents: z.object({ cursor: eventCursor.exactOptional(), limit: pageLimit }),
};

const metrics = z.object({
  readIops: measured,
  writeIops: measured,
  readBytesPerSecond: measured,
  writeBytesPerSecond: measured,
  readLatencyMicroseconds: measured,
  writeLatencyMicroseconds: measured,
  allocatedBytes: measured,
  subscribedBytes: measured,
  freeBytes: measured,
  totalBytes: measured,
  degradedBytes: measured,
  unavailableBytes: measured,
  busyPercent: z.number().min(0).max(100).exactOptional(),
});

const statisticsSample = z.object({
  objectType: z.enum(measuredTypes),
  nativeId: z.string().min(1),
  measuredAt: time,
  periodSeconds: z.number().min(0),
  metrics,
});

const arrayEvent = z.object({
  eventId: z.string().min(1),
  occurredAt: time,
  kind: z.enum(eventKinds),
  severity: z.enum(eventSeverities),
  object: z.object({ type: z.enum(eventObjectTypes), nativeId: z.string().min(1), name: z.string().exactOptional() }),
  message: z.string().min(1).max(500),
  state: z.object({ before: z.string(), after: z.string() }).exactOptional(),
  nativeCode: z.string().exactOptional(),
});

export const observeOutputs = {
  readInventory: z.object({
    systems: z.array(storageSystem),
    pools: z.array(storagePool),
    ports: z.array(storagePort),
    hosts: z.array(hostComponent),
    volumes: z.array(observedVolume),
    nextCursor: pageCursor,
    complete: z.boolean(),
    capabilities: z.array(capabilityInstance).exactOptional(),
  }),
  readStatistics: z.object({ samples: z.array(statisticsSample), nextCursor: pageCursor }),
  readEvents: z.object({ events: z.array(arrayEvent), nextCursor: eventCursor, more: z.boolean(), gap: z.boolean() }),
};
