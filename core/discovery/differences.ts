import { getMany, type PageRequest } from '../inventory/read.ts';
import type { StorageProvider, UnManagedVolume, Volume } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';
import { findOwners } from '../volume/native-row.ts';
import { seenPage } from './listed.ts';
import type { Seen, SeenKind } from './seen.ts';
import { unmanagedIdOf } from './unmanaged.ts';

type DifferenceKind = Exclude<SeenKind, 'ours' | 'foreign'>;

/** Where an array and the records differ, as the last discovery saw it. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly nativeId: string;
  readonly name: string;
  /** Of `drifted` and `missing`. */
  readonly volume?: Volume;
  /** Of `orphan` and `same-name`. */
  readonly unmanaged?: UnManagedVolume;
}

const isDifferent = (kind: SeenKind): kind is DifferenceKind => kind !== 'ours' && kind !== 'foreign';

const bare = (nativeId: string, { kind, name }: Seen): Difference | undefined => (isDifferent(kind) ? { kind, nativeId, name } : undefined);

/** By page, in the order of the native ids. */
export const readDifferences = async (
  rows: Rows,
  { arrayId }: Pick<StorageProvider, 'arrayId'>,
  page: PageRequest,
): Promise<{ differences: Difference[]; cursor?: string }> => {
  const { items, cursor } = await seenPage(rows, { arrayId, page, pick: bare });
  const owners = await findOwners(
    rows,
    arrayId,
    items.map(({ nativeId }) => nativeId),
  );
  const [volumes, unmanaged] = await Promise.all([
    getMany(rows, 'system', { type: 'Volume', ids: [...owners.values()] }),
    getMany(rows, 'system', { type: 'UnManagedVolume', ids: items.map(({ nativeId }) => unmanagedIdOf(arrayId, nativeId)) }),
  ]);
  const ours = new Map(volumes.map((volume) => [volume.id, volume]));
  const others = new Map(unmanaged.map((each) => [each.nativeId, each]));
  const differences = items.map((item): Difference => {
    const volume = ours.get(owners.get(item.nativeId) ?? '');
    const other = others.get(item.nativeId);
    return { ...item, ...(volume ? { volume } : {}), ...(other && !volume ? { unmanaged: other } : {}) };
  });
  return { differences, ...(cursor ? { cursor } : {}) };
};
