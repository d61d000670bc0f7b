import type {
  StoragePool as DriverPool,
  StoragePort as DriverPort,
  StorageSystem as DriverSystem,
  HostComponent,
  HostInitiator,
} from '../../drivers/sdk/model.ts';
import { newResource } from '../inventory/resource.ts';
import type { Host, Initiator, StoragePool, StoragePort, StorageProvider, StorageSystem } from '../inventory/schemas.ts';
import { digestOf, discoveredId } from './discovered-id.ts';

/** What discovery knows while it turns the driver's objects into resources. */
export interface Finding {
  readonly provider: StorageProvider;
  readonly systemType: string;
  /** Discovered hosts belong to the root tenant until they are assigned. */
  readonly rootTenantId: string;
  readonly at: string;
  /** Number of this discovery. */
  readonly observation: number;
}

type Found<R> = Omit<R, 'createdAt' | 'version' | 'inactive' | 'tags'>;

const discoveredBase = ({ provider }: Finding, nativeId: string, state: StorageSystem['state']) => ({
  providerId: provider.id,
  arrayId: provider.arrayId,
  nativeId,
  state,
  visibility: 'visible' as const,
});

const withDigest = <T extends object>(found: T): T & { digest: string } => ({ ...found, digest: digestOf(found) });

export const systemIdOf = (finding: Finding, nativeId: string): string => discoveredId('StorageSystem', finding.provider.arrayId, nativeId);

export const foundSystem = (finding: Finding, system: DriverSystem): Found<StorageSystem> =>
  withDigest({
    id: systemIdOf(finding, system.nativeId),
    name: system.name,
    ...discoveredBase(finding, system.nativeId, system.state),
    systemType: finding.systemType,
    serialNumber: system.serialNumber,
    firmwareVersion: system.firmwareVersion,
    model: system.model,
    ...(system.support === undefined ? {} : { support: system.support }),
  });

/** Figures that move by themselves; they are compared one by one and are not part of the digest. */
export type PoolFigures = Pick<StoragePool, 'totalBytes' | 'freeBytes' | 'subscribedBytes' | 'volumeCount'>;

export const poolFigures = (pool: DriverPool): PoolFigures => ({
  totalBytes: pool.totalBytes,
  freeBytes: pool.freeBytes,
  subscribedBytes: pool.subscribedBytes,
  volumeCount: pool.volumeCount,
});

type FoundPool = Omit<
  Found<StoragePool>,
  | keyof PoolFigures
  | 'observation'
  | 'observedAt'
  | 'observedManagedBytes'
  | 'managedBytes'
  | 'managedThickBytes'
  | 'managedCount'
  | 'foreignCount'
  | 'isCounted'
  | 'registration'
  | 'assignedVarrayIds'
>;

export const foundPool = (finding: Finding, pool: DriverPool, protocols: readonly string[]): FoundPool =>
  withDigest({
    id: discoveredId('StoragePool', finding.provider.arrayId, pool.nativeId),
    name: pool.name,
    ...discoveredBase(finding, pool.nativeId, pool.state),
    systemId: systemIdOf(finding, pool.systemNativeId),
    systemType: finding.systemType,
    protocols: [...protocols],
    provisioningTypes: [...pool.provisioningTypes],
    driveTypes: [...pool.driveTypes],
    minVolumeBytes: pool.minVolumeBytes,
    maxVolumeBytes: pool.maxVolumeBytes,
    sizeGranularityBytes: pool.sizeGranularityBytes,
    unwrittenReadsZero: pool.unwrittenReadsZero,
    compression: pool.compression,
    statisticsLagSeconds: pool.statisticsLagSeconds,
    ...(pool.maxVolumes === undefined ? {} : { maxVolumes: pool.maxVolumes }),
  });

export const foundPort = (finding: Finding, port: DriverPort): Found<StoragePort> =>
  withDigest({
    id: discoveredId('StoragePort', finding.provider.arrayId, port.nativeId),
    name: port.name,
    ...discoveredBase(finding, port.nativeId, port.state),
    systemId: systemIdOf(finding, port.systemNativeId),
    addresses: [...port.addresses],
    transport: port.transport,
    ...(port.faultDomain === undefined ? {} : { faultDomain: port.faultDomain }),
  });

const hostIdOf = (finding: Finding, nativeId: string): string => discoveredId('Host', finding.provider.arrayId, nativeId);

export const foundHost = (finding: Finding, host: HostComponent): Found<Host> =>
  withDigest({
    id: hostIdOf(finding, host.nativeId),
    name: host.name,
    tenantId: finding.rootTenantId,
    ...discoveredBase(finding, host.nativeId, host.state),
    osType: host.osType,
    addresses: [...host.addresses],
    discoverable: true,
  });

export const foundInitiator = (finding: Finding, host: HostComponent, initiator: HostInitiator): Found<Initiator> =>
  withDigest({
    id: discoveredId('Initiator', finding.provider.arrayId, `${initiator.type}/${initiator.id}`),
    name: initiator.id,
    tenantId: finding.rootTenantId,
    ...discoveredBase(finding, initiator.id, initiator.state),
    hostId: hostIdOf(finding, host.nativeId),
    hostName: host.name,
    initiatorType: initiator.type,
    protocol: initiator.protocol,
    port: initiator.id,
    ...(initiator.nodeName === undefined ? {} : { node: initiator.nodeName }),
    approved: initiator.approved,
  });

/** A resource as it is first stored. */
export const asNew = <F extends { id: string; name: string }>(found: F, at: string) => ({
  ...newResource(found.id, found.name, at),
  ...found,
});
