import { absent, type Write } from '../change.ts';

export interface NativeVolume {
  readonly arrayId: string;
  readonly nativeId: string;
  readonly volumeId: string;
}

const nativeKey = ({ arrayId, nativeId }: NativeVolume) => ({ pk: `NATIVE#${arrayId}#volume`, sk: nativeId });

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
