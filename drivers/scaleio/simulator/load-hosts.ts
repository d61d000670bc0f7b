import type { ArrayState, Sdc } from './model.ts';
import { type Seed, SeedError } from './seed-schema.ts';
import { atLeast } from './versions.ts';

export function loadHosts(array: ArrayState, seed: Seed): void {
  for (const { id = array.newId('Sdc'), guid, ...sdc } of seed.sdcs) {
    const noNvme = { hostType: 'SdcHost', nqn: null, maxNumPaths: null, maxNumSysPorts: null } as const;
    array.sdcs.set(id, { ...sdc, ...noNvme, id, guid: guid.toUpperCase(), perfProfile: 'HighPerformance' });
  }
  if (seed.nvmeHosts.length > 0 && !atLeast(array.version, '4.5')) throw new SeedError('nvmeHosts need API version 4.5');
  for (const { id = array.newId('Sdc'), name, nqn } of seed.nvmeHosts) {
    const noSdc = { guid: null, ips: [], approved: true, approvedIps: null, connected: false, osType: 'Linux', perfProfile: 'Default' };
    array.sdcs.set(id, { ...noSdc, id, name, nqn, hostType: 'NVMeHost', maxNumPaths: 4, maxNumSysPorts: 10 });
  }
}

/** By id, name, GUID, NQN or address; the first host goes before later ones. */
export function hostsByReference(array: ArrayState): ReadonlyMap<string, Sdc> {
  const hosts = new Map<string, Sdc>();
  for (const sdc of array.sdcs.values()) {
    for (const reference of [sdc.id, sdc.name, sdc.guid, sdc.guid?.toLowerCase(), sdc.nqn, ...sdc.ips]) {
      if (reference != null && !hosts.has(reference)) hosts.set(reference, sdc);
    }
  }
  return hosts;
}
