import { installationKey } from '../identity/installation.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { Rows } from '../ports.ts';

/** The installation, if it is frozen, and those of the storage providers that are; by their ids. */
export const frozenAmong = async (rows: Rows, providerIds: readonly string[]): Promise<string[]> => {
  const ids = providerIds.filter((id) => id !== installationKey.pk);
  const found = await rows.getMany('Inventory', [installationKey, ...ids.map(resourceKey)]);
  return found.flatMap((row) => (row?.['operations'] === 'frozen' ? [row.pk] : []));
};
