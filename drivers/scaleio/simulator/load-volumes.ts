import { gbToKb } from './capacity.ts';
import { findHost } from './load-hosts.ts';
import { poolId } from './load-references.ts';
import type { ArrayState, Mapping, Volume } from './model.ts';
import { requireFreeName } from './names.ts';
import { type Seed, SeedError } from './seed-schema.ts';
import { addVolume, noMarks } from './volume-create.ts';

type SeedVolume = Seed['volumes'][number];

function mappingsOf(array: ArrayState, volume: SeedVolume): Mapping[] {
  return volume.mappings.map(({ sdc, ...mapping }) => {
    const found = findHost(array, sdc);
    if (found === undefined) throw new SeedError(`the seed has no SDC ${sdc}, to which volume ${volume.name} is mapped`);
    return { ...mapping, sdcId: found.id };
  });
}

type Place = Pick<Volume, 'vtreeId' | 'sizeInKb' | 'volumeType' | 'ancestorVolumeId'>;

function asSnapshot(array: ArrayState, ancestor: string): Place {
  const source = [...array.volumes.values()].find(({ id, name }) => id === ancestor || name === ancestor);
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

export function loadVolumes(array: ArrayState, seed: Seed): void {
  for (const volume of seed.volumes) {
    const { id = array.newId('Volume'), name, usedInKb, content, creationTime, accessModeLimit } = volume;
    if (name !== null) requireFreeName({ name, among: array.volumes.values(), inUse: 'VOL_NAME_IN_USE' });
    const place = volume.ancestor === undefined ? asBase(array, volume) : asSnapshot(array, volume.ancestor);
    const group = volume.consistencyGroupId ?? (volume.ancestor === undefined ? null : array.newId('ConsistencyGroup'));
    addVolume(array, {
      ...{ id, name, usedInKb, content, creationTime, accessModeLimit, ...place },
      consistencyGroupId: group,
      mappings: mappingsOf(array, volume),
      marks: { ...noMarks, ...definedOf(volume.marks) },
    });
  }
}

function definedOf(marks: SeedVolume['marks']): Partial<typeof noMarks> {
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined));
}
