import type { Capability } from '../sdk/capability-verbs.ts';
import type { CapabilityInstance } from '../sdk/model/capability.ts';
import { measuredTypes } from '../sdk/model/statistics.ts';
import type { Gateway } from './gateway.ts';
import { scaleio } from './index.ts';
import { has, isAtLeast } from './releases.ts';
import { type SystemLimits, systemLimits } from './system-limits.ts';
import { bytesPerMb } from './volume-mapping.ts';

type Limits = CapabilityInstance['limits'];

const mappingLimits = { minIops: 11, bandwidthStepBytesPerSecond: bytesPerMb };

const known = (limits: Readonly<Record<string, unknown>>): Limits =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));

const limitsOf = (version: string, told: SystemLimits): { readonly [C in Capability]?: Limits } => {
  const accessModes = has(version, 'access modes of mappings') ? ['read-write', 'read-only'] : ['read-write'];
  const { snapshotsPerTree: maxPerTree, volumesPerSystem, volumesPerHost, hosts } = told;
  return {
    volume: known({ maxVolumes: volumesPerSystem }),
    export: known({
      ...mappingLimits,
      accessModes,
      initiatorTypes: has(version, 'hosts by NVMe over TCP') ? ['sdc', 'nvme-tcp'] : ['sdc'],
      maxVolumesPerHost: volumesPerHost,
    }),
    'volume.qos': { ...mappingLimits, per: 'mapping' },
    hosts: known({ maxHosts: hosts }),
    snapshot: { maxPerTree, accessModes },
    'full-copy': { maxPerTree, independent: false, otherPools: false },
    migration: { wholeTree: true },
    statistics: { objectTypes: measuredTypes, historySeconds: 0, lagSeconds: 60 },
    events: { alerts: !isAtLeast(version, '4.0') },
  };
};

const since = (capability: Capability): string => scaleio.capabilityDefinitions?.[capability]?.since ?? '0';

/** What each capability means on this array at its release; one call in a session. */
export const capabilityInstances = async (gateway: Gateway): Promise<readonly CapabilityInstance[]> => {
  const limits = limitsOf(gateway.version, await systemLimits(gateway));
  return scaleio.capabilities.map((capability) => ({
    capability,
    scope: 'array',
    available: isAtLeast(gateway.version, since(capability)),
    limits: limits[capability] ?? {},
  }));
};
