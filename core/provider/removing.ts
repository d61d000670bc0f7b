import type { Key, Write } from '../change.ts';
import { absent } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { type Author, changed } from '../inventory/changes.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { StorageProvider } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';

const removalPk = 'REMOVAL';

const markKey = (providerId: string): Key => ({ pk: removalPk, sk: providerId });

/** A removal that has begun and not ended. */
export interface RemovalMark {
  readonly providerId: string;
  readonly at: string;
  readonly by: string;
}

export const openRemovals = async (rows: Rows): Promise<RemovalMark[]> => {
  const page = await rows.query({ table: 'Inventory', pk: removalPk });
  return page.rows.map((row) => ({ providerId: row.sk, at: String(row['at']), by: String(row['by']) }));
};

export const dropRemoval = (providerId: string): Write => ({ do: 'delete', table: 'Inventory', key: markKey(providerId) });

/** From here on nothing new is placed there. Conditional on the version read, so that no discovery runs. */
export const beginWrites = (provider: StorageProvider, author: Author): Write[] => [
  ...changed<StorageProvider>(provider, { removal: { since: author.at, by: author.actor } }, { author }),
  { do: 'put', table: 'Inventory', row: { ...markKey(provider.id), at: author.at, by: author.actor }, when: absent },
];

const beingRemoved = (name: string) => ({
  code: 'resource.busy' as const,
  message: `the storage provider ${name} is being removed; try again in a minute`,
});

export const refuseRemoval = ({ name, removal }: Pick<StorageProvider, 'name' | 'removal'>): void => {
  const { code, message } = beingRemoved(name);
  if (removal) throw new ControlPlaneError(message, { code });
};

/** Of a transaction that makes its pools usable. */
export const notRemoving = ({ id, name }: Pick<StorageProvider, 'id' | 'name'>): Write => ({
  do: 'check',
  table: 'Inventory',
  key: resourceKey(id),
  when: [{ attribute: 'removal', is: 'absent' }],
  otherwise: beingRemoved(name),
});

export const stillRemoving = ({ id }: Pick<StorageProvider, 'id'>): Write => ({
  do: 'check',
  table: 'Inventory',
  key: resourceKey(id),
  when: [{ attribute: 'removal', is: 'present' }],
});
