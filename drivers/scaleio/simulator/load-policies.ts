import type { ArrayState } from './model.ts';
import { type Seed, SeedError } from './seed-schema.ts';
import { atLeast } from './versions.ts';

type SeedPolicy = Seed['policies'][number];

function claimSources(array: ArrayState, { name, sources }: SeedPolicy, policyId: string): void {
  const byName = new Map([...array.volumes.values()].map((volume) => [volume.name, volume]));
  for (const source of sources) {
    const volume = byName.get(source);
    if (volume === undefined) throw new SeedError(`the seed has no volume ${source}, which snapshot policy ${name} names`);
    volume.marks = { ...volume.marks, snplIdOfSourceVolume: policyId };
  }
}

/** Policies take their first snapshots one cadence after the start. */
export function loadPolicies(array: ArrayState, seed: Seed): void {
  if (seed.policies.length > 0 && !atLeast(array.version, '3.0')) throw new SeedError('policies need API version 3.0');
  if (seed.peers.length > 0 && !atLeast(array.version, '3.6')) throw new SeedError('peers need API version 3.6');
  for (const policy of seed.policies) {
    const { id = array.newId('SnapshotPolicy'), name, cadenceInMinutes, retained, snapshotAccessMode, secureSnapshots } = policy;
    array.policies.set(id, {
      ...{ id, name, cadenceInMinutes, retained, snapshotAccessMode, secureSnapshots },
      ...{ state: policy.paused ? 'Paused' : 'Active', rounds: 0, lastAtMs: null, failures: 0, lastFailureAtMs: null },
      nextAtMs: array.clock.nowMs() + cadenceInMinutes * 60_000,
    });
    claimSources(array, policy, id);
  }
  for (const { id = array.newId('PeerMdm'), name, peerSystemId } of seed.peers) array.peers.set(id, { id, name, peerSystemId });
}
