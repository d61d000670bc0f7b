import type { Rows } from '../ports.ts';
import { getMany, listStubs } from './read.ts';
import type { Volume } from './schemas.ts';

const everyProject = async (rows: Rows): Promise<string[]> => {
  const tenants = await listStubs(rows, { type: 'TenantOrg', scope: 'all' });
  const lists = await Promise.all(tenants.stubs.map(({ id }) => listStubs(rows, { type: 'Project', scope: id })));
  return lists.flatMap(({ stubs }) => stubs.map(({ id }) => id));
};

const findIn = async (rows: Rows, scope: string, uses: (volume: Volume) => boolean): Promise<Volume | undefined> => {
  let cursor: string | undefined;
  do {
    const page = await listStubs(rows, { type: 'Volume', scope }, { limit: 1000, cursor });
    const volumes = await getMany(rows, 'system', { type: 'Volume', ids: page.stubs.map(({ id }) => id) });
    const found = volumes.find((volume) => !volume.inactive && uses(volume));
    if (found) return found;
    cursor = page.cursor;
  } while (cursor);
  return undefined;
};

/**
 * A volume that uses what an administrator wants to take away. Reads every volume if there is none: such requests are rare, and volumes
 * need no further index rows that each order would pay for.
 */
export const findVolume = async (rows: Rows, uses: (volume: Volume) => boolean): Promise<Volume | undefined> => {
  for (const project of await everyProject(rows)) {
    const found = await findIn(rows, project, uses);
    if (found) return found;
  }
  return undefined;
};
