import { gbToKb } from './capacity.ts';
import type { Clock } from './clock.ts';
import { defaultSeed } from './default-seed.ts';
import { nextId, unusedIds } from './ids.ts';
import { loadHosts } from './load-hosts.ts';
import { loadPolicies } from './load-policies.ts';
import { poolId } from './load-references.ts';
import { loadVolumes } from './load-volumes.ts';
import type { ArrayState, Limits } from './model.ts';
import { parseSeed, type Seed, SeedError } from './seed-schema.ts';
import { putUser } from './users.ts';
import { type ApiVersion, atLeast } from './versions.ts';

const defaultLimits = (version: ApiVersion): Limits => ({
  volumes: 131072,
  volumesPerSdc: 8192,
  mappingsPerVolume: 1024,
  snapshotsPerVTree: atLeast(version, '3.0') ? 126 : 31,
  sdcs: atLeast(version, '3.0') ? 2048 : 1024,
});

const given = (limits: Seed['limits']): Partial<Limits> =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));

function emptyArray(seed: Seed, version: ApiVersion, clock: Clock): ArrayState {
  const listed = [
    seed.domains,
    seed.pools,
    seed.sdss,
    seed.devices,
    seed.sdcs,
    seed.nvmeHosts,
    seed.sdts,
    seed.volumes,
    seed.policies,
    seed.peers,
  ].flat();
  const taken = new Set(listed.flatMap(({ id }) => (id === undefined ? [] : [id])));
  const array: ArrayState = {
    version,
    clock,
    system: { id: seed.systemId, name: seed.name, installId: seed.installId, restrictedSdcMode: seed.restrictedSdcMode },
    ...{ domains: new Map(), pools: new Map(), sdss: new Map(), devices: new Map(), sdcs: new Map() },
    ...{ sdts: new Map(), volumes: new Map(), vtrees: new Map(), policies: new Map(), peers: new Map(), users: new Map() },
    mdm: { master: 0, failingCalls: 0, recoversAtMs: null },
    alertsSinceMs: new Map(),
    limits: { ...defaultLimits(version), ...given(seed.limits) },
    behaviour: { ...seed.behaviour },
    ids: unusedIds(seed.systemId, taken),
    newId: (type) => nextId(array.ids, type),
  };
  return array;
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
    const absence = sds.connected ? null : { sinceMs: array.clock.nowMs(), returnedAtMs: null };
    array.sdss.set(id, { ...sds, id, domainId: domainId(array, domain), absence, maintenance: null });
  }
  const byName = new Map([...array.sdss.values()].map((sds) => [sds.name, sds]));
  for (const [index, { id = array.newId('Device'), capacityGb, name, ...device }] of seed.devices.entries()) {
    const sds = byName.get(device.sds);
    if (sds === undefined) throw new SeedError(`the seed has no SDS named ${device.sds}`);
    const place = { sdsId: sds.id, poolId: poolId(array, device.pool), path: `/dev/disk${index}` };
    array.devices.set(id, { id, name: name ?? `disk${index}`, capacityInKb: gbToKb(capacityGb), ...place, failed: false, absence: null });
  }
}

/** The array that a seed describes. Throws `SeedError` when objects name others that are not there. */
export function loadSeed(seed: Seed, version: ApiVersion, clock: Clock): ArrayState {
  const array = emptyArray(seed, version, clock);
  loadDomains(array, seed);
  loadNodes(array, seed);
  loadHosts(array, seed);
  loadVolumes(array, seed);
  loadPolicies(array, seed);
  for (const user of seed.users) putUser(array, user);
  return array;
}

/** The array that was kept. What it says nothing of is as in an empty array. */
export const restoredArray = (saved: Partial<ArrayState> & Pick<ArrayState, 'version'>, clock: Clock): ArrayState =>
  Object.assign(emptyArray(parseSeed(defaultSeed), saved.version, clock), saved);
