import type { RestoreItem } from '../../../drivers/sdk/verbs/snapshot.ts';
import { asDone, asItIs, asMade, type Mutant, pretend, type Session, told, unmapAll } from './mutant.ts';

const asTheyAre = (session: Session, items: readonly RestoreItem[]): Promise<RestoreItem[]> =>
  Promise.all(
    items.map(async (item) => ({ ...item, target: await asItIs(session, item.target), source: await asItIs(session, item.source) })),
  );

const unmapped = async (session: Session, items: readonly RestoreItem[]): Promise<void> => {
  for (const { target } of items) await unmapAll(session, target);
};

const snapshotMutants: readonly Mutant[] = [
  {
    name: 'takes every snapshot read-only',
    capability: 'snapshot',
    caughtBy: 'takes a snapshot exactly as asked',
    session: ({ ensureSnapshots }) => ({
      ensureSnapshots: (request) => ensureSnapshots({ ...request, items: request.items.map((item) => ({ ...item, access: 'read-only' })) }),
    }),
  },
  {
    name: 'says that it took what it found',
    capability: 'snapshot',
    caughtBy: 'finds a snapshot it took',
    session: ({ ensureSnapshots }) => ({ ensureSnapshots: told(ensureSnapshots, asMade) }),
  },
  {
    name: 'takes a volume of its name for the snapshot',
    capability: 'snapshot',
    caughtBy: 'takes nothing of its name for its own',
    session: ({ ensureSnapshots }) => ({ ensureSnapshots: told(ensureSnapshots, asDone) }),
  },
  {
    name: 'takes a full tree for one that is busy',
    capability: 'snapshot',
    caughtBy: 'takes as many snapshots of one volume',
    session: ({ ensureSnapshots }) => ({
      ensureSnapshots: told(ensureSnapshots, (item) => (item.status === 'rejected' ? { ...item, status: 'busy' } : item)),
    }),
  },
  {
    name: 'removes a volume handed to it as a snapshot',
    capability: 'snapshot',
    caughtBy: 'removes no volume that is handed to it',
    session: (session) => ({
      ensureSnapshotsAbsent: async ({ items }) => {
        const volumes = items.flatMap(({ ref, snapshot }) => (snapshot.kind === 'committed' ? [{ ref, volume: snapshot }] : []));
        const answer = await session.ensureVolumesAbsent({ items: volumes });
        return { items: answer.items.map(({ observed: _observed, ...item }) => item) };
      },
    }),
  },
  {
    name: 'unmaps the snapshot it removes',
    capability: 'snapshot',
    caughtBy: 'never removes a mapped snapshot',
    session: (session) => ({
      ensureSnapshotsAbsent: async (request) => {
        for (const { snapshot } of request.items) if (snapshot.kind === 'committed') await unmapAll(session, snapshot);
        return session.ensureSnapshotsAbsent(request);
      },
    }),
  },
  {
    name: 'says that it removed a snapshot, and does not',
    capability: 'snapshot',
    caughtBy: 'removes a snapshot alone',
    session: () => ({ ensureSnapshotsAbsent: pretend }),
  },
];

const restoreMutants: readonly Mutant[] = (
  [
    { verb: 'restoreVolumes', capability: 'snapshot.restore', what: 'snapshot' },
    { verb: 'restoreFromFullCopies', capability: 'full-copy.restore', what: 'full copy' },
  ] as const
).flatMap(({ verb, capability, what }): readonly Mutant[] => [
  {
    name: 'unmaps the volume it restores',
    capability,
    caughtBy: `restores no volume from its ${what} while anything has it mapped`,
    session: (session) => ({
      [verb]: async ({ items }: { items: readonly RestoreItem[] }) => {
        await unmapped(session, items);
        return session[verb]({ items });
      },
    }),
  },
  {
    name: 'restores what is not the recorded one',
    capability,
    caughtBy: `restores no volume that is not the recorded one from a ${what}`,
    session: (session) => ({
      [verb]: async ({ items }: { items: readonly RestoreItem[] }) => session[verb]({ items: await asTheyAre(session, items) }),
    }),
  },
  {
    name: 'says that it restored, and does not look',
    capability,
    caughtBy: `restores no volume from a ${what} of another`,
    session: () => ({ [verb]: pretend }),
  },
  {
    name: 'looks before it restores, says that it restored, and does not',
    capability,
    caughtBy: `brings back what the ${what} holds, as often as asked`,
    session: (session) => ({
      [verb]: async ({ items }: { items: readonly RestoreItem[] }) => {
        await session.readVolumes({ items: items.map(({ ref, target }) => ({ ref, volume: target })) });
        return pretend({ items });
      },
    }),
  },
]);

const fullCopyMutants: readonly Mutant[] = [
  {
    name: 'calls a copy independent that shares blocks',
    capability: 'full-copy',
    caughtBy: 'says honestly whether a copy shares blocks',
    session: ({ ensureFullCopies }) => ({
      ensureFullCopies: told(ensureFullCopies, (item) =>
        item.observed === undefined ? item : { ...item, observed: { ...item.observed, independent: true } },
      ),
    }),
  },
  {
    name: 'says that it copied what it found',
    capability: 'full-copy',
    caughtBy: 'finds a full copy it made',
    session: ({ ensureFullCopies }) => ({ ensureFullCopies: told(ensureFullCopies, asMade) }),
  },
  {
    name: 'loses the failure of one copy',
    capability: 'full-copy',
    caughtBy: 'copies the rest of a batch',
    session: ({ ensureFullCopies }) => ({ ensureFullCopies: told(ensureFullCopies, asDone) }),
  },
  {
    name: 'becomes independent by being detached',
    capability: 'full-copy',
    caughtBy: 'detaches a full copy',
    session: ({ detachFullCopies }) => ({
      detachFullCopies: told(detachFullCopies, (item) =>
        item.observed === undefined ? item : { ...item, observed: { ...item.observed, independent: true } },
      ),
    }),
  },
];

const groupMutants: readonly Mutant[] = [
  {
    name: 'takes the members of a group one by one',
    capability: 'consistency-group',
    caughtBy: 'takes snapshots of many at one moment',
    session: ({ ensureSnapshots }) => ({
      ensureSnapshots: async ({ items }) => {
        const answers = [];
        for (const item of items) answers.push(...(await ensureSnapshots({ items: [item] })).items);
        return { items: answers };
      },
    }),
  },
  {
    name: 'takes the rest of a group of which one source may not be taken',
    capability: 'consistency-group',
    caughtBy: 'takes nothing of a group in which one source',
    session: ({ ensureSnapshots }) => ({ ensureSnapshots: ({ items }) => ensureSnapshots({ items }) }),
  },
  {
    name: 'fills up what is left of a group',
    capability: 'consistency-group',
    caughtBy: 'takes what is left of a group',
    session: ({ ensureSnapshots }) => ({ ensureSnapshots: ({ items }) => ensureSnapshots({ items }) }),
  },
  {
    name: 'removes the rest of a group of which one member is not the recorded one',
    capability: 'consistency-group',
    caughtBy: 'removes nothing of a group in which one member',
    session: (session) => ({
      ensureGroupsAbsent: async (request) => {
        for (const { members } of request.items) {
          await session.ensureSnapshotsAbsent({ items: members.map(({ ref, copy }) => ({ ref, snapshot: copy })) });
        }
        return session.ensureGroupsAbsent(request);
      },
    }),
  },
  {
    name: 'restores the rest of a group of which one target is not the recorded one',
    capability: 'consistency-group',
    caughtBy: 'restores a group as one',
    session: ({ restoreVolumes, restoreGroups }) => ({
      restoreGroups: async (request) => {
        for (const { members } of request.items) await restoreVolumes({ items: members });
        return restoreGroups(request);
      },
    }),
  },
];

export const copyMutants: readonly Mutant[] = [...snapshotMutants, ...restoreMutants, ...fullCopyMutants, ...groupMutants];
