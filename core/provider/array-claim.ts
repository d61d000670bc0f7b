import type { Key, Write } from '../change.ts';
import { absent } from '../change.ts';
import type { StorageProvider } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';

/** An array belongs to one provider; a row named after the array's own id says to which. */
const claimKey = (arrayId: string): Key => ({ pk: `ARRAY#${arrayId}`, sk: 'ARRAY' });

export const knownArray = (arrayId: string, owner: string): string =>
  `the array ${arrayId} is registered already, as the storage provider ${owner}`;

/** The provider that the array is registered as; undefined when it is not. */
export const ownerOfArray = async (rows: Rows, arrayId: string): Promise<string | undefined> => {
  const claim = await rows.get('Inventory', claimKey(arrayId));
  return claim && String(claim['providerId']);
};

export const claimArray = ({ id, name, arrayId }: Pick<StorageProvider, 'id' | 'name' | 'arrayId'>): Write => ({
  do: 'put',
  table: 'Inventory',
  row: { ...claimKey(arrayId), providerId: id, providerName: name },
  when: absent,
  otherwise: { code: 'provider.known', message: knownArray(arrayId, 'that another request made at the same time') },
});

export const renameClaim = ({ arrayId }: Pick<StorageProvider, 'arrayId'>, name: string): Write => ({
  do: 'update',
  table: 'Inventory',
  key: claimKey(arrayId),
  set: { providerName: name },
  when: [{ attribute: 'pk', is: 'present' }],
});

export const releaseArray = ({ id, arrayId }: Pick<StorageProvider, 'id' | 'arrayId'>): Write => ({
  do: 'delete',
  table: 'Inventory',
  key: claimKey(arrayId),
  when: [{ attribute: 'providerId', is: '=', value: id }],
});
