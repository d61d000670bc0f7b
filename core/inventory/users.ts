import { ControlPlaneError } from '../errors.ts';
import type { Rows } from '../ports.ts';
import { findVolume } from './find-volume.ts';
import { getMany, listStubs } from './read.ts';
import { type Resource, typeOf } from './resource.ts';
import type { VirtualPool } from './schemas.ts';

/** What an administrator takes away: the resource, or virtual arrays from it. */
export interface Taking {
  readonly resource: Pick<Resource, 'id' | 'name'>;
  readonly taken: 'itself' | readonly string[];
}

type Question = (
  rows: Rows,
  taking: { readonly resource: Taking['resource']; readonly varrayIds: readonly string[] },
) => Promise<string | undefined>;

export const allVpools = async (rows: Rows): Promise<VirtualPool[]> => {
  const { stubs } = await listStubs(rows, { type: 'VirtualPool', scope: 'all' });
  return getMany(rows, 'system', { type: 'VirtualPool', ids: stubs.map(({ id }) => id) });
};

const held = async (rows: Rows, type: 'Volume' | 'ExportGroup', projectId: string): Promise<string[]> => {
  const { stubs } = await listStubs(rows, { type, scope: projectId }, { limit: 5 });
  return stubs.map(({ name }) => name);
};

const inProject: Question = async (rows, { resource: { id, name } }) => {
  const [volumes, groups] = await Promise.all([held(rows, 'Volume', id), held(rows, 'ExportGroup', id)]);
  const names = [...volumes.map((volume) => `volume ${volume}`), ...groups.map((group) => `export group ${group}`)];
  return names.length === 0 ? undefined : `the project ${name} holds ${names.join(', ')}; remove them first`;
};

const userOfVarray = async (rows: Rows, id: string): Promise<string | undefined> => {
  const { stubs } = await listStubs(rows, { type: 'StoragePool', scope: id }, { limit: 1 });
  const [pool] = stubs;
  if (pool) return `the storage pool ${pool.name} (${pool.id}) is assigned to it`;
  const vpool = (await allVpools(rows)).find(({ varrayIds }) => varrayIds.includes(id));
  if (vpool) return `the virtual pool ${vpool.name} (${vpool.id}) refers to it`;
  const volume = await findVolume(rows, ({ varrayId }) => varrayId === id);
  return volume && `the volume ${volume.name} (${volume.id}) is in it`;
};

const inVarray: Question = async (rows, { resource: { id, name } }) => {
  const user = await userOfVarray(rows, id);
  return user && `the virtual array ${name} is in use: ${user}`;
};

const inVpool: Question = async (rows, { resource: { id, name } }) => {
  const volume = await findVolume(rows, ({ vpoolId }) => vpoolId === id);
  return volume && `the virtual pool ${name} is in use by the volume ${volume.name} (${volume.id})`;
};

const inVarraysOfVpool: Question = async (rows, { resource: { id }, varrayIds }) => {
  const volume = await findVolume(rows, ({ vpoolId, varrayId }) => vpoolId === id && varrayIds.includes(varrayId));
  return (
    volume &&
    `varray_changes.remove: the volume ${volume.name} (${volume.id}) of this virtual pool is in the virtual array ${volume.varrayId}`
  );
};

const inVarraysOfPool: Question = async (rows, { resource: { id, name }, varrayIds }) => {
  const volume = await findVolume(rows, ({ poolId, varrayId }) => poolId === id && varrayIds.includes(varrayId));
  return (
    volume &&
    `varray_assignment_changes.remove: the volume ${volume.name} (${volume.id}) of the virtual array ${volume.varrayId} is on the pool ${name}`
  );
};

const ofResource: Readonly<Record<string, Question>> = { Project: inProject, VirtualArray: inVarray, VirtualPool: inVpool };
const ofVarrays: Readonly<Record<string, Question>> = { VirtualPool: inVarraysOfVpool, StoragePool: inVarraysOfPool };

/** Who uses what is taken away, as a sentence; undefined when nobody does, or nothing is taken. */
export const userOf = async (rows: Rows, { resource, taken }: Taking): Promise<string | undefined> => {
  if (taken.length === 0) return undefined;
  const question = (taken === 'itself' ? ofResource : ofVarrays)[typeOf(resource)];
  if (!question) throw new RangeError(`${typeOf(resource)} is never taken away`);
  return question(rows, { resource, varrayIds: taken === 'itself' ? [] : taken });
};

export const refuseUsed = async (rows: Rows, taking: Taking): Promise<void> => {
  const user = await userOf(rows, taking);
  if (user) throw new ControlPlaneError(user, { code: 'resource.inUse' });
};
