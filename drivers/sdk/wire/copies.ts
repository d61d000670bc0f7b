import * as z from 'zod';
import { access, batchAnswerOf, batchOf, itemsOf, text } from './basics.ts';
import { committedVolume, copyIdentity } from './identities.ts';
import { observedFullCopy, observedGroup, observedSnapshot } from './observed.ts';

const snapshotIntent = z.object({ ref: text, name: text, source: committedVolume, access });
const fullCopyIntent = z.object({ ref: text, name: text, source: committedVolume, poolNativeId: text });
const groupRef = text.exactOptional();
const restoreItem = z.object({ ref: text, target: committedVolume, source: committedVolume });
const committedCopy = z.object({ ref: text, copy: committedVolume });
const copyItem = z.object({ ref: text, copy: copyIdentity });
const snapshots = batchOf(z.object({ ref: text, snapshot: copyIdentity }));

const groupOf = <Member extends z.ZodType<{ ref: string }>>(member: Member) =>
  z.object({ ref: text, groupNativeId: text, members: itemsOf(member) });

const groups = batchOf(
  z.object({
    ...groupOf(copyItem).shape,
    copiesAre: z.enum(['snapshots', 'fullCopies']),
    groupNativeId: text.exactOptional(),
  }),
);

export const copyInputs = {
  ensureSnapshots: z.object({ ...batchOf(snapshotIntent).shape, groupRef }),
  ensureSnapshotsAbsent: snapshots,
  readSnapshots: snapshots,
  restoreVolumes: batchOf(restoreItem),
  ensureFullCopies: z.object({ ...batchOf(fullCopyIntent).shape, groupRef }),
  ensureFullCopiesAbsent: batchOf(copyItem),
  detachFullCopies: batchOf(committedCopy),
  restoreFromFullCopies: batchOf(restoreItem),
  readGroups: groups,
  ensureGroupsAbsent: groups,
  detachGroups: batchOf(groupOf(committedCopy)),
  restoreGroups: batchOf(groupOf(restoreItem)),
};

const nothing = batchAnswerOf(z.never());
const observedGroups = batchAnswerOf(observedGroup);

export const copyOutputs = {
  ensureSnapshots: batchAnswerOf(observedSnapshot),
  ensureSnapshotsAbsent: batchAnswerOf(observedSnapshot),
  readSnapshots: batchAnswerOf(observedSnapshot),
  restoreVolumes: nothing,
  ensureFullCopies: batchAnswerOf(observedFullCopy),
  ensureFullCopiesAbsent: batchAnswerOf(observedFullCopy),
  detachFullCopies: batchAnswerOf(observedFullCopy),
  restoreFromFullCopies: nothing,
  readGroups: observedGroups,
  ensureGroupsAbsent: observedGroups,
  detachGroups: observedGroups,
  restoreGroups: observedGroups,
};
