import { text } from './body.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, Peer } from './model.ts';
import { softwareVersions } from './versions.ts';

function peerView(array: ArrayState, { id, name, peerSystemId }: Peer): Json {
  return {
    ...{ id, name, peerSystemId, systemId: array.system.id, port: 7611 },
    ...{ softwareVersionInfo: softwareVersions[array.version], membershipState: 'Joined', perfProfile: 'HighPerformance' },
    ...{ networkType: 'External', couplingRC: 'SUCCESS' },
    links: linksOf('PeerMdm', id, { parents: { systemId: `System::${array.system.id}` } }),
  };
}

/** Other arrays that this one knows. Replication itself is not imitated. */
export const peers = defineFamily<Peer>({
  type: 'PeerMdm',
  since: '3.6',
  missing: 'NOT_FOUND',
  items: (array) => [...array.peers.values()],
  find: (array, id) => array.peers.get(id),
  view: peerView,
  byKey: (array, body) => [...array.peers.values()].find(({ name }) => name === text(body, 'name')),
});
