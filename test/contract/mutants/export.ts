import { asDone, asItIs, type Mutant, told, unmapAll } from './mutant.ts';

export const exportMutants: readonly Mutant[] = [
  {
    name: 'removes mappings that are not listed',
    capability: 'export',
    caughtBy: 'leaves mappings that somebody else made',
    session: (session) => ({
      ensureExports: async (intent) => {
        for (const { volume } of intent.volumes) await unmapAll(session, volume);
        return session.ensureExports(intent);
      },
    }),
  },
  {
    name: 'shares what was asked for alone',
    capability: 'export',
    caughtBy: 'maps no volume exclusively',
    session: ({ ensureExports }) => ({ ensureExports: (intent) => ensureExports({ ...intent, mode: 'shared' }) }),
  },
  {
    name: 'maps read-write whatever was asked',
    capability: 'export',
    caughtBy: 'maps read-only when asked',
    session: ({ ensureExports }) => ({
      ensureExports: (intent) => ensureExports({ ...intent, volumes: intent.volumes.map((item) => ({ ...item, access: 'read-write' })) }),
    }),
  },
  {
    name: 'forgets the limits',
    capability: 'export',
    caughtBy: 'sets the limits asked for',
    session: ({ ensureExports }) => ({
      ensureExports: (intent) => ensureExports({ ...intent, volumes: intent.volumes.map((item) => ({ ...item, limits: {} })) }),
    }),
  },
  {
    name: 'answers for the pairs in another order',
    capability: 'export',
    caughtBy: 'maps every volume to every host',
    session: ({ ensureExports }) => ({
      ensureExports: async (intent) => ({ items: [...(await ensureExports(intent)).items].reverse() }),
    }),
  },
  {
    name: 'maps a volume that is not the recorded one',
    capability: 'export',
    caughtBy: 'maps no volume that is not the recorded one',
    session: (session) => ({
      ensureExports: async (intent) => {
        const volumes = await Promise.all(intent.volumes.map(async (item) => ({ ...item, volume: await asItIs(session, item.volume) })));
        return session.ensureExports({ ...intent, volumes });
      },
    }),
  },
  {
    name: 'takes an unknown initiator for mapped',
    capability: 'export',
    caughtBy: 'refuses an initiator that the array does not know',
    session: ({ ensureExports }) => ({ ensureExports: told(ensureExports, asDone) }),
  },
  {
    name: 'unmaps every host',
    capability: 'export',
    caughtBy: 'unmaps exactly the pair listed',
    session: (session) => ({
      ensureExportsAbsent: async ({ items }) => {
        const answer = await session.ensureExportsAbsent({ items });
        for (const { volume } of items) await unmapAll(session, volume);
        return answer;
      },
    }),
  },
  {
    name: 'unmaps a volume that is not the recorded one',
    capability: 'export',
    caughtBy: 'unmaps no volume that is not the recorded one',
    session: (session) => ({
      ensureExportsAbsent: async ({ items }) => {
        const pairs = await Promise.all(items.map(async (item) => ({ ...item, volume: await asItIs(session, item.volume) })));
        return session.ensureExportsAbsent({ items: pairs });
      },
    }),
  },
];
