import type { ObservedVolume } from '../../drivers/sdk/model.ts';
import { type NameMark, volumeIdOfName } from '../volume/native-name.ts';
import type { Owners } from '../volume/native-row.ts';
import { digestOf } from './discovered-id.ts';
import type { Seen, SeenKind, SeenVolumes } from './seen.ts';

/** What is known of an array's volumes before it is read. */
export interface Known {
  readonly mark: NameMark;
  readonly owners: Owners;
  readonly seen: SeenVolumes;
}

/** A volume or snapshot on the array, and what it was when it was seen before. */
export interface Sighting {
  readonly observed: ObservedVolume;
  /** Our volume by its id on the array. */
  readonly owner: string | undefined;
  /** Our volume by the name that it bears. */
  readonly namesake: string | undefined;
  readonly digest: string;
  readonly before: Seen | undefined;
}

const inOrder = (mappings: ObservedVolume['mappings']): ObservedVolume['mappings'] =>
  mappings.toSorted((a, b) => (a.initiatorId < b.initiatorId ? -1 : 1));

export const sightingOf = ({ mark, owners, seen }: Known, observed: ObservedVolume): Sighting => {
  const owner = owners.get(observed.nativeId);
  return {
    observed,
    owner,
    namesake: volumeIdOfName(mark, observed.name),
    digest: digestOf([{ ...observed, mappings: inOrder(observed.mappings) }, owner ?? null]),
    before: seen.get(observed.nativeId),
  };
};

/** Nothing of it needs to be read or written. */
export const isUnchanged = ({ before, digest }: Sighting): boolean =>
  before !== undefined && before.kind !== 'missing' && before.digest === digest;

export const seenAs = ({ observed, digest }: Sighting, kind: SeenKind): Seen => ({
  kind,
  digest,
  name: kind === 'ours' ? '' : observed.name,
  poolNativeId: kind === 'ours' ? '' : observed.poolNativeId,
});

const unmanagedKinds: readonly SeenKind[] = ['foreign', 'orphan', 'same-name'];

export const isUnmanaged = (kind: SeenKind): boolean => unmanagedKinds.includes(kind);
