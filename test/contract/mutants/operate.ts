import type { ArrayEvent } from '../../../drivers/sdk/model/event.ts';
import { asDone, asItIs, asMade, type Mutant, pretend, told } from './mutant.ts';

const alarm: ArrayEvent = {
  eventId: 'always',
  occurredAt: '2026-01-01T00:00:00Z',
  kind: 'alertRaised',
  severity: 'info',
  object: { type: 'array', nativeId: 'array' },
  message: 'told again and again',
};

const changeMutants: readonly Mutant[] = [
  {
    name: 'says that it renamed, and does not',
    capability: 'volume.rename',
    caughtBy: 'renames a volume, and finds it renamed',
    session: () => ({ renameVolumes: pretend }),
  },
  {
    name: 'renames a volume that is not the recorded one',
    capability: 'volume.rename',
    caughtBy: 'renames no volume that is not the recorded one',
    session: (session) => ({
      renameVolumes: async ({ items }) =>
        session.renameVolumes({
          items: await Promise.all(items.map(async (item) => ({ ...item, volume: await asItIs(session, item.volume) }))),
        }),
    }),
  },
  {
    name: 'keeps a limit that is no longer asked for',
    capability: 'volume.qos',
    caughtBy: 'sets limits, finds them set',
    session: ({ ensureVolumeLimits }) => ({
      ensureVolumeLimits: ({ items }) =>
        ensureVolumeLimits({
          items: items.map((item) => ({ ...item, limits: { bandwidthBytesPerSecond: 20 * 1024 ** 2, ...item.limits } })),
        }),
    }),
  },
  {
    name: 'says that it moved, and does not',
    capability: 'migration',
    caughtBy: 'moves a volume to another pool',
    session: () => ({ migrateVolumes: pretend }),
  },
  {
    name: 'moves a volume that is not the recorded one',
    capability: 'migration',
    caughtBy: 'moves no volume that is not the recorded one',
    session: ({ migrateVolumes }) => ({ migrateVolumes: told(migrateVolumes, asDone) }),
  },
  {
    name: 'says that it cancelled a move, and lets it go on',
    capability: 'long-operation',
    caughtBy: 'moves a volume back whose move is cancelled',
    session: () => ({ cancelOperation: async () => ({ state: 'cancelled', percent: 0, retryAfterSeconds: 0, cancellable: false }) }),
  },
  {
    name: 'adopts a volume that is not what was seen',
    capability: 'adopt',
    caughtBy: 'adopts nothing that is not what was seen',
    session: ({ adoptVolumes }) => ({ adoptVolumes: told(adoptVolumes, asDone) }),
  },
  {
    name: 'says that it registered a host that was there',
    capability: 'hosts',
    caughtBy: 'finds a host that the array knows',
    session: ({ ensureHosts }) => ({ ensureHosts: told(ensureHosts, asMade) }),
  },
];

const observeMutants: readonly Mutant[] = [
  {
    name: 'tells a sample twice',
    capability: 'statistics',
    caughtBy: 'measures every pool',
    session: ({ readStatistics }) => ({
      readStatistics: async (request) => {
        const page = await readStatistics(request);
        return { ...page, samples: [...page.samples, ...page.samples] };
      },
    }),
  },
  {
    name: 'measures other objects than it was asked for',
    capability: 'statistics',
    caughtBy: 'measures a volume it made',
    session: ({ readStatistics }) => ({ readStatistics: (request) => readStatistics({ ...request, objectTypes: ['pool'] }) }),
  },
  {
    name: 'measures only what is on the first page',
    capability: 'statistics',
    caughtBy: 'gives the same objects page by page',
    session: ({ readStatistics }) => ({
      readStatistics: async (request) => {
        const { nextCursor: _more, ...page } = await readStatistics(request);
        return page;
      },
    }),
  },
  {
    name: 'tells an event again',
    capability: 'events',
    caughtBy: 'tells what is wrong now',
    session: ({ readEvents }) => ({
      readEvents: async (request) => {
        const page = await readEvents(request);
        return { ...page, events: [...page.events, alarm] };
      },
    }),
  },
  {
    name: 'takes any cursor for the beginning',
    capability: 'events',
    caughtBy: 'tells of no event that it was not asked for',
    session: ({ readEvents }) => ({ readEvents: ({ limit }) => readEvents({ limit }) }),
  },
  {
    name: 'says of any handle that it runs',
    capability: 'long-operation',
    caughtBy: 'knows nothing of an operation that never was',
    session: () => ({ pollOperation: async () => ({ state: 'running', percent: 1, retryAfterSeconds: 1, cancellable: false }) }),
  },
  {
    name: 'takes a component out of service that is not the recorded one',
    capability: 'maintenance',
    caughtBy: 'takes no component out of service',
    session: ({ enterMaintenance }) => ({ enterMaintenance: told(enterMaintenance, asDone) }),
  },
  {
    name: 'changes the array while it is asked about maintenance',
    capability: 'maintenance',
    caughtBy: 'says whether a component may be taken out',
    session: ({ checkMaintenance }, context) => ({
      checkMaintenance: (request) => {
        context.onGatewayCall('change');
        return checkMaintenance(request);
      },
    }),
  },
];

export const operateMutants: readonly Mutant[] = [...changeMutants, ...observeMutants];
