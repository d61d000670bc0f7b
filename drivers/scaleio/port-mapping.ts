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

const addressesBut = (role: string, ipList: SdsWire['ipList']): readonly string[] =>
  ipList.filter((address) => address.role !== role).map(({ ip }) => ip);

const faultDomainOf = ({ faultSetId }: { faultSetId?: string | null | undefined }) => (faultSetId ? { faultDomain: faultSetId } : {});

/** An SDS, by the addresses that serve hosts. */
export const toPort = (sds: SdsWire): StoragePort => ({
  nativeId: sds.id,
  systemNativeId: sds.protectionDomainId,
  name: sds.name ?? sds.id,
  addresses: addressesBut('sdsOnly', sds.ipList),
  transport: 'ip',
  state: sdsStateOf(sds),
  ...faultDomainOf(sds),
});

/** An NVMe target of 4.x, by the addresses that serve hosts. */
export const toTargetPort = (sdt: SdtWire): StoragePort => ({
  nativeId: sdt.id,
  systemNativeId: sdt.protectionDomainId,
  name: sdt.name ?? sdt.id,
  addresses: addressesBut('StorageOnly', sdt.ipList),
  transport: 'ip',
  state: sdtStateOf(sdt),
  ...faultDomainOf(sdt),
});
