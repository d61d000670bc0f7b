import type { Write } from '../change.ts';
import { listPk } from '../inventory/listings.ts';

export interface ByVolume {
  /** Of each volume, in the order of the ids. */
  readonly ofVolumes: readonly { readonly id: string; readonly writes: readonly Write[] }[];
  readonly rest: readonly Write[];
}

const pkOf = (write: Write): string => (write.do === 'put' ? write.row.pk : write.key.pk);

/** Sorts writes by the volume that they are about: itself, its mappings, its list of export groups. */
export const byVolume = (ids: readonly string[], writes: readonly Write[]): ByVolume => {
  const volumeOf = new Map(ids.flatMap((id) => [[id, id] as const, [listPk(id, 'ExportGroup'), id] as const]));
  const idOf = (write: Write): string | undefined => volumeOf.get(pkOf(write));
  const of = (wanted: string | undefined): Write[] => writes.filter((write) => idOf(write) === wanted);
  return { ofVolumes: ids.map((id) => ({ id, writes: of(id) })), rest: of(undefined) };
};
