import { gbToKb } from './capacity.ts';
import type { Clock } from './clock.ts';
import { createIds } from './ids.ts';
import { loadHosts } from './load-hosts.ts';
import { poolId } from './load-references.ts';
import { loadVolumes } from './load-volumes.ts';
import type { ArrayState, Limits } from './model.ts';
import { type Seed, SeedError } from './seed-schema.ts';
import { type ApiVersion, atLeast } from './versions.ts';

const defaultLimits = (version: ApiVersion): Limits => ({
  volumes: 131072,
  volumesPerSdc: 8192,
  mappingsPerVolume: 1024,
  snapshotsPerVTree: atLeast(version, '3.0') ? 126 : 31,
});

const given = (limits: Seed['limits']): Partial<Limits> =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));

function emptyArray(seed: Seed, version: ApiVersion, clock: Clock): ArrayState {
  const listed = [seed.domains, seed.pools, seed.sdss, seed.devices, seed.sdcs, seed.nvmeHosts, seed.sdts, seed.volumes].flat();
  const taken = new Set(listed.flatMap(({ id }) => (id === undefined ? [] : [id])));
  return {
    version,
    clock,
    system: { id: seed.systemId, name: seed.name, installId: seed.installId, restrictedSdcMode: seed.restrictedSdcMode },
    ...{ domains: new Map(), pools: new Map(), sdss: new Map(), devices: new Map(), sdcs: new Map() },
    ...{ sdts: new Map(), volumes: new Map(), vtrees: new Map() },
    limits: { ...defaultLimits(version), ...given(seed.limits) },
    behaviour: { ...seed.behaviour },
    newId: createIds(seed.systemId, taken),
  };
}

function domainId(array: ArrayState, name: string): string {
  const domain = [...array.domains.values()].find((candidate) => candidate.name === name);
  if (domain === undefined) throw new SeedError(`the seed has no domain named ${name}`);
  return domain.id;
}

function loadDomains(array: ArrayState, seed: Seed): void {
  for (const { id = array.newId('ProtectionDomain'), name } of seed.domains) array.domains.set(id, { id, name });
  for (const { id = array.newId('StoragePool'), domain, zeroPadding, ...pool } of seed.pools) {
    array.pools.set(id, { ...pool, id, domainId: domainId(array, domain), zeroPaddingEnabled: zeroPadding });
  }
  for (const { id = array.newId('Sdt'), domain, ...sdt } of seed.sdts)
    array.sdts.set(id, { ...sdt, id, domainId: domainId(array, domain) });
}

function loadNodes(array: ArrayState, seed: Seed): void {
  for (const { id = array.newId('Sds'), domain, ...sds } of seed.sdss) {
    array.sdss.set(id, { ...sds, id, domainId: domainId(array, domain) });
  }
  for (const [index, { id = array.newId('Device'), capacityGb, name, ...device }] of seed.devices.entries()) {
    const sds = [...array.sdss.values()].find((candidate) => candidate.name === device.sds);
    if (sds === undefined) throw new SeedError(`the seed has no SDS named ${device.sds}`);
    const place = { sdsId: sds.id, poolId: poolId(array, device.pool), path: `/dev/disk${index}` };
    array.devices.set(id, { id, name: name ?? `disk${index}`, capacityInKb: gbToKb(capacityGb), ...place });
  }
}

/** The array that a seed describes. Throws `SeedError` when objects name others that are not there. */
export function loadSeed(seed: Seed, version: ApiVersion, clock: Clock): ArrayState {
  const array = emptyArray(seed, version, clock);
  loadDomains(array, seed);
  loadNodes(array, seed);
  loadHosts(array, seed);
  loadVolumes(array, seed);
  return array;
}
