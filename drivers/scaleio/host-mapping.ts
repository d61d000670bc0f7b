import type { HostComponent, HostInitiator, ObjectState } from '../sdk/model.ts';
import type { SdcWire } from './wire.ts';

const osTypes: ReadonlyMap<string, string> = new Map([
  ['Linux', 'Linux'],
  ['Windows', 'Windows'],
  ['Esx', 'Esx'],
  ['Aix', 'AIX'],
]);

const addressesOf = ({ sdcIp, sdcIps }: SdcWire): readonly string[] => [
  ...new Set([...(sdcIp ? [sdcIp] : []), ...(sdcIps ?? [])].filter((address) => address !== 'N/A')),
];

export const isNvmeHost = ({ hostType, nqn }: SdcWire): boolean => hostType === 'NVMeHost' && Boolean(nqn);

export const isSdc = ({ hostType }: SdcWire): boolean => (hostType ?? 'SdcHost') === 'SdcHost';

const connectionStates: ReadonlyMap<string, ObjectState> = new Map([
  ['Connected', 'online'],
  ['Disconnected', 'offline'],
]);

/** The array tells no connection of an NVMe host. */
export const hostStateOf = (host: SdcWire): ObjectState =>
  connectionStates.get(host.mdmConnectionState ?? '') ?? (isSdc(host) ? 'offline' : 'unknown');

const initiatorOf = (host: SdcWire): HostInitiator => {
  const state = hostStateOf(host);
  if (isNvmeHost(host)) return { type: 'nvme-tcp', id: host.nqn ?? host.id, protocol: 'NVMe/TCP', approved: true, state };
  const node = host.sdcGuid ? { nodeName: host.sdcGuid } : {};
  return { type: 'sdc', id: host.id, protocol: 'ScaleIO', ...node, approved: host.sdcApproved ?? true, state };
};

/** An SDC or an NVMe host: a host with one initiator. */
export const toHost = (host: SdcWire): HostComponent => {
  const addresses = addressesOf(host);
  return {
    nativeId: host.id,
    name: addresses[0] ?? host.name ?? host.sdcGuid ?? host.nqn ?? host.id,
    osType: osTypes.get(host.osType ?? '') ?? 'Other',
    addresses,
    state: hostStateOf(host),
    initiators: [initiatorOf(host)],
  };
};
