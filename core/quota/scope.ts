import { getMany, listStubs } from '../inventory/read.ts';
import type { Volume } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';
import { parseUrn } from '../urn.ts';
import { limits } from './limits.ts';

const stubIds = async (rows: Rows, type: 'TenantOrg' | 'Project', scope: string): Promise<string[]> =>
  (await listStubs(rows, { type, scope })).stubs.map(({ id }) => id);

/** The projects that the volumes of what is limited can be in. */
const projectsOf = async (rows: Rows, id: string): Promise<string[]> => {
  const type = parseUrn(id)?.type;
  if (type === 'Project') return [id];
  if (type === 'TenantOrg') return stubIds(rows, 'Project', id);
  const lists = await Promise.all((await stubIds(rows, 'TenantOrg', 'all')).map((tenantId) => stubIds(rows, 'Project', tenantId)));
  return lists.flat();
};

const pageSize = 1000;

/** Whether to go on. */
type Visit = (volumes: readonly Volume[]) => Promise<boolean>;

const visitProject = async (rows: Rows, projectId: string, visit: Visit): Promise<boolean> => {
  let cursor: string | undefined;
  do {
    const page = await listStubs(rows, { type: 'Volume', scope: projectId }, { limit: pageSize, cursor });
    const volumes = await getMany(rows, 'system', { type: 'Volume', ids: page.stubs.map(({ id }) => id) });
    if (!(await visit(volumes.filter(({ inactive }) => !inactive)))) return false;
    cursor = page.cursor;
  } while (cursor);
  return true;
};

/** Reads the volumes of a virtual pool, project or tenant, up to 1,000 at a time, until the visitor has enough. */
export const visitVolumes = async (rows: Rows, id: string, visit: Visit): Promise<void> => {
  const isOfIt = (volume: Volume): boolean => limits.some(({ idOf }) => idOf(volume) === id);
  for (const projectId of await projectsOf(rows, id)) {
    const goesOn = await visitProject(rows, projectId, (volumes) => visit(volumes.filter(isOfIt)));
    if (!goesOn) return;
  }
};

/** What the volumes of it have now, by their rows. */
export const provisionedBytes = async (rows: Rows, id: string): Promise<number> => {
  let bytes = 0;
  await visitVolumes(rows, id, async (volumes) => {
    for (const volume of volumes) bytes += volume.provisionedBytes;
    return true;
  });
  return bytes;
};
