import type { Json } from './json.ts';
import type { ArrayState } from './model.ts';
import { softwareVersions } from './versions.ts';

interface Mdm {
  id: string;
  ip: string;
  role: 'Manager' | 'TieBreaker';
}

function mdm(array: ArrayState, { id, ip, role }: Mdm): Json {
  return {
    id,
    name: ip,
    port: 9011,
    role,
    ips: [ip],
    managementIPs: [ip],
    versionInfo: softwareVersions[array.version],
    opensslVersion: role === 'Manager' ? 'OpenSSL 1.0.2k-fips  26 Jan 2017' : 'N/A',
  };
}

const managers = [
  { id: '0873f5bd5c3dd9a1', ip: '192.0.2.1', role: 'Manager' },
  { id: '7e521a811a247d10', ip: '192.0.2.2', role: 'Manager' },
] as const;

/** A cluster of three; after a failover, and while the array has no master, one of them is missing. */
export function mdmCluster(array: ArrayState): Json {
  const { master, failingCalls, recoversAtMs } = array.mdm;
  const complete = failingCalls === 0 && recoversAtMs === null;
  const slave = master === 0 ? 1 : 0;
  return {
    id: '1503005277137548884',
    name: 'cluster',
    clusterState: complete ? 'ClusteredNormal' : 'ClusteredDegraded',
    clusterMode: 'ThreeNodes',
    goodNodesNum: complete ? 3 : 2,
    goodReplicasNum: complete ? 2 : 1,
    master: { ...mdm(array, managers[master]), virtualInterfaces: [] },
    slaves: [{ ...mdm(array, managers[slave]), status: complete ? 'Normal' : 'Disconnected', virtualInterfaces: [] }],
    tieBreakers: [{ ...mdm(array, { id: '4542577337090b82', ip: '192.0.2.3', role: 'TieBreaker' }), status: 'Normal' }],
  };
}
