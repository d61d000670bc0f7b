import type { Key, Write } from '../change.ts';
import { absent } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import type { StorageProvider } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';

/** An array belongs to one provider; a row named after the array's own id says to which. */
const claimKey = (arrayId: string): Key => ({ pk: `ARRAY#${arrayId}`, sk: 'ARRAY' });

const known = (arrayId: string, owner: string): string => `the array ${arrayId} is registered already, as the storage provider ${owner}`;

export const refuseKnownArray = async (rows: Rows, arrayId: string): Promise<void> => {
  const claim = await rows.get('Inventory', claimKey(arrayId));
  if (claim)
    throw new ControlPlaneError(known(arrayId, `${String(claim['providerName'])} (${String(claim['providerId'])})`), {
      code: 'provider.known',
    });
};

export const claimArray = ({ id, name, arrayId }: Pick<StorageProvider, 'id' | 'name' | 'arrayId'>): Write => ({
  do: 'put',
  table: 'Inventory',
  row: { ...claimKey(arrayId), providerId: id, providerName: name },
  when: absent,
  otherwise: { code: 'provider.known', message: known(arrayId, 'that another request made at the same time') },
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
