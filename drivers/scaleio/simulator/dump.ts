import { sortKeys } from './json.ts';
import type { ArrayState, SnapshotPolicy } from './model.ts';
import { settle } from './settle.ts';

const byId = <T extends { id: string }>(items: Map<string, T>) => [...items.values()].sort((a, b) => a.id.localeCompare(b.id));

const withoutTimes = ({ nextAtMs: _next, lastAtMs: _last, lastFailureAtMs: _failure, ...policy }: SnapshotPolicy) => policy;

/**
 * Everything the array holds, in one order and without anything that moves by itself: two equal states print the same bytes.
 * Ids used up, sessions, calls and the clock are not part of it.
 */
export function dump(array: ArrayState): unknown {
  settle(array);
  const volumes = byId(array.volumes).map(({ removalEndsAtMs, ...volume }) => ({
    ...volume,
    inRemoval: removalEndsAtMs !== null,
    mappings: volume.mappings.toSorted((a, b) => a.sdcId.localeCompare(b.sdcId)),
  }));
  const vtrees = byId(array.vtrees).map(({ migration, volumeIds: _, ...vtree }) => ({
    ...vtree,
    migratesTo: migration?.toPoolId ?? null,
    migrationState: migration?.state ?? null,
  }));
  const sdss = byId(array.sdss).map(({ absence: _, maintenance, ...sds }) => ({
    ...sds,
    maintenance: maintenance === null ? null : { kind: maintenance.kind, phase: maintenance.phase },
  }));
  return sortKeys({
    system: array.system,
    domains: byId(array.domains),
    pools: byId(array.pools),
    mdmMaster: array.mdm.master,
    sdss,
    devices: byId(array.devices).map(({ absence: _, ...device }) => device),
    sdcs: byId(array.sdcs),
    sdts: byId(array.sdts),
    peers: byId(array.peers),
    policies: byId(array.policies).map(withoutTimes),
    users: byId(array.users).map(({ password: _, ...user }) => user),
    volumes,
    vtrees,
  });
}
