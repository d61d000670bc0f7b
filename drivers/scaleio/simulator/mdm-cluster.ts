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

/** A healthy cluster of three. */
export function mdmCluster(array: ArrayState): Json {
  const follower = { status: 'Normal' };
  return {
    id: '1503005277137548884',
    name: 'cluster',
    clusterState: 'ClusteredNormal',
    clusterMode: 'ThreeNodes',
    goodNodesNum: 3,
    goodReplicasNum: 2,
    master: { ...mdm(array, { id: '0873f5bd5c3dd9a1', ip: '192.0.2.1', role: 'Manager' }), virtualInterfaces: [] },
    slaves: [{ ...mdm(array, { id: '7e521a811a247d10', ip: '192.0.2.2', role: 'Manager' }), ...follower, virtualInterfaces: [] }],
    tieBreakers: [{ ...mdm(array, { id: '4542577337090b82', ip: '192.0.2.3', role: 'TieBreaker' }), ...follower }],
  };
}
