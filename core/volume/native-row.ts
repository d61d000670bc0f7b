import { absent, type Write } from '../change.ts';
import type { Rows } from '../ports.ts';

export interface NativeVolume {
  readonly arrayId: string;
  readonly nativeId: string;
  readonly volumeId: string;
}

const nativeKey = ({ arrayId, nativeId }: Pick<NativeVolume, 'arrayId' | 'nativeId'>) => ({
  pk: `NATIVE#${arrayId}#volume`,
  sk: nativeId,
});

/** Which of our volumes each object is, by its id on the array. */
export type Owners = ReadonlyMap<string, string>;

/** All of an array, read consistently: 10,000 are some 300 read units. */
export const readOwners = async (rows: Rows, arrayId: string): Promise<Owners> => {
  const owners = new Map<string, string>();
  let cursor: string | undefined;
  do {
    const { pk } = nativeKey({ arrayId, nativeId: '' });
    const page = await rows.query({ table: 'Inventory', pk, ...(cursor ? { cursor } : {}) });
    for (const row of page.rows) owners.set(row.sk, String(row['id']));
    cursor = page.cursor;
  } while (cursor);
  return owners;
};

/** Of these alone, as they are now. */
export const findOwners = async (rows: Rows, arrayId: string, nativeIds: readonly string[]): Promise<Owners> => {
  const found = await rows.getMany(
    'Inventory',
    nativeIds.map((nativeId) => nativeKey({ arrayId, nativeId })),
  );
  return new Map(found.flatMap((row): [string, string][] => (row ? [[row.sk, String(row['id'])]] : [])));
};

/** The row by which discovery knows that an object on an array is ours. */
export const putNative = (native: NativeVolume): Write => ({
  do: 'put',
  table: 'Inventory',
  row: { ...nativeKey(native), id: native.volumeId },
  when: absent,
});

export const dropNative = (native: NativeVolume): Write => ({
  do: 'delete',
  table: 'Inventory',
  key: nativeKey(native),
  when: [{ attribute: 'id', is: '=', value: native.volumeId }],
});
