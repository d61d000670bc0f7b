import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, Sdt } from './model.ts';
import { idle } from './statistics-names.ts';
import { softwareVersions } from './versions.ts';

export function sdtView(array: ArrayState, sdt: Sdt): Json {
  return {
    id: sdt.id,
    name: sdt.name,
    systemId: array.system.id,
    protectionDomainId: sdt.domainId,
    ipList: sdt.ips.map((ip) => ({ ip, role: 'StorageAndHost' })),
    sdtState: 'Normal',
    storagePort: 12200,
    nvmePort: 4420,
    discoveryPort: 8009,
    certificateInfo: null,
    mdmConnectionState: 'Connected',
    membershipState: 'Joined',
    faultSetId: null,
    softwareVersionInfo: softwareVersions[array.version],
    maintenanceState: 'NoMaintenance',
    authenticationError: 'None',
    persistentDiscoveryControllersNum: 0,
    links: linksOf('Sdt', sdt.id, {
      relationships: ['Statistics'],
      parents: { protectionDomainId: `ProtectionDomain::${sdt.domainId}` },
    }),
  };
}

/** NVMe targets. They can be seen, not made. */
export const sdts = defineFamily<Sdt>({
  type: 'Sdt',
  since: '4.5',
  missing: 'NOT_FOUND',
  items: (array) => [...array.sdts.values()],
  find: (array, id) => array.sdts.get(id),
  view: sdtView,
  statistics: () => idle(['userDataReadBwc', 'userDataWriteBwc']),
});
