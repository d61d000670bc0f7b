import type { ObjectState, StoragePort } from '../sdk/model.ts';
import type { SdsWire, SdtWire } from './wire.ts';

interface Server {
  mdmConnectionState?: string | null | undefined;
  maintenanceState?: string | null | undefined;
}

export const isInService = ({ maintenanceState }: Server): boolean => (maintenanceState ?? 'NoMaintenance') === 'NoMaintenance';

const stateOf = (server: Server, ownState: string | null | undefined): ObjectState => {
  if (server.mdmConnectionState !== 'Connected') return 'offline';
  return ownState === 'Normal' && isInService(server) ? 'online' : 'degraded';
};

export const sdsStateOf = (sds: SdsWire): ObjectState => stateOf(sds, sds.sdsState);

export const sdtStateOf = (sdt: SdtWire): ObjectState => stateOf(sdt, sdt.sdtState);

/** At the addresses that serve hosts, not only other servers. */
const portOf = (
  server: SdsWire | SdtWire,
  { state, roleBetweenServers }: { state: ObjectState; roleBetweenServers: string },
): StoragePort => ({
  nativeId: server.id,
  systemNativeId: server.protectionDomainId,
  name: server.name ?? server.id,
  addresses: server.ipList.filter(({ role }) => role !== roleBetweenServers).map(({ ip }) => ip),
  transport: 'ip',
  state,
  ...(server.faultSetId ? { faultDomain: server.faultSetId } : {}),
});

export const toPort = (sds: SdsWire): StoragePort => portOf(sds, { state: sdsStateOf(sds), roleBetweenServers: 'sdsOnly' });

/** An NVMe target of 4.x. */
export const toTargetPort = (sdt: SdtWire): StoragePort => portOf(sdt, { state: sdtStateOf(sdt), roleBetweenServers: 'StorageOnly' });
