import { gbToKb } from './capacity.ts';
import { hostsByReference } from './load-hosts.ts';
import { poolId } from './load-references.ts';
import type { ArrayState, Mapping, Sdc, Volume } from './model.ts';
import { requireFreeName } from './names.ts';
import { type Seed, SeedError } from './seed-schema.ts';
import { addVolume, noMarks } from './volume-create.ts';

type SeedVolume = Seed['volumes'][number];

function mappingsOf(hosts: ReadonlyMap<string, Sdc>, volume: SeedVolume): Mapping[] {
  return volume.mappings.map(({ sdc, ...mapping }) => {
    const found = hosts.get(sdc);
    if (found === undefined) throw new SeedError(`the seed has no SDC ${sdc}, to which volume ${volume.name} is mapped`);
    return { ...mapping, sdcId: found.id };
  });
}

type Place = Pick<Volume, 'vtreeId' | 'sizeInKb' | 'volumeType' | 'ancestorVolumeId'>;

function asSnapshot(source: Volume | undefined, ancestor: string): Place {
  if (source === undefined) throw new SeedError(`the seed has no volume ${ancestor} before its snapshot`);
  return { vtreeId: source.vtreeId, sizeInKb: source.sizeInKb, volumeType: 'Snapshot', ancestorVolumeId: source.id };
}

function asBase(array: ArrayState, volume: SeedVolume): Place {
  const { name, pool, sizeGb, thick } = volume;
  if (pool === undefined || sizeGb === undefined) throw new SeedError(`volume ${name} needs pool and sizeGb, or an ancestor`);
  const vtreeId = array.newId('VTree');
  array.vtrees.set(vtreeId, { id: vtreeId, name, poolId: poolId(array, pool), migration: null, volumeIds: new Set() });
  return { vtreeId, sizeInKb: gbToKb(sizeGb), volumeType: thick ? 'ThickProvisioned' : 'ThinProvisioned', ancestorVolumeId: null };
}

function requireNewName(name: string | null, byReference: ReadonlyMap<string, Volume>): void {
  const known = name === null ? undefined : byReference.get(name);
  if (name !== null) requireFreeName({ name, among: known === undefined ? [] : [known], inUse: 'VOL_NAME_IN_USE' });
}

export function loadVolumes(array: ArrayState, seed: Seed): void {
  const hosts = hostsByReference(array);
  const byReference = new Map<string, Volume>();
  for (const volume of seed.volumes) {
    const { id = array.newId('Volume'), name, usedInKb, content, creationTime, accessModeLimit, io } = volume;
    requireNewName(name, byReference);
    const place = volume.ancestor === undefined ? asBase(array, volume) : asSnapshot(byReference.get(volume.ancestor), volume.ancestor);
    const group = volume.consistencyGroupId ?? (volume.ancestor === undefined ? null : array.newId('ConsistencyGroup'));
    const made = addVolume(array, {
      ...{ id, name, usedInKb, content, creationTime, accessModeLimit, io, ...place },
      consistencyGroupId: group,
      mappings: mappingsOf(hosts, volume),
      marks: { ...noMarks, ...definedOf(volume.marks) },
    });
    byReference.set(id, made);
    if (name !== null) byReference.set(name, made);
  }
}

function definedOf(marks: SeedVolume['marks']): Partial<typeof noMarks> {
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined));
}
