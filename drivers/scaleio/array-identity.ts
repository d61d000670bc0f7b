import type { ArrayAccount, ArrayIdentity, SystemSupport } from '../sdk/model.ts';
import { accountWarnings } from './account.ts';
import { isAtLeast } from './releases.ts';
import type { SystemWire } from './wire-session.ts';

/** `DellEMC ScaleIO Version: R2_6.0.133` is release 2.6.0.133. */
export const releaseOf = (system: SystemWire, apiVersion: string): string =>
  /Version:\s*[A-Za-z]?([\d._]+)/.exec(system.systemVersionName ?? '')?.[1]?.replaceAll('_', '.') ?? apiVersion;

/** The product changed its name with 3.0 and again with 3.5. */
export const modelOf = (apiVersion: string): string => {
  if (isAtLeast(apiVersion, '3.5')) return 'PowerFlex';
  return isAtLeast(apiVersion, '3.0') ? 'VxFlex OS' : 'ScaleIO';
};

/** Before 2.0 the interface was another; whether later releases keep it, nobody knows. */
export const supportOf = (apiVersion: string): SystemSupport => {
  if (!isAtLeast(apiVersion, '2.0')) return 'unsupported';
  return isAtLeast(apiVersion, '5.0') ? 'unknown' : 'supported';
};

export const clusterStateOf = ({ mdmCluster, mdmClusterState }: SystemWire): string =>
  mdmCluster?.clusterState ?? mdmClusterState ?? 'unknown';

export const isClusterNormal = (system: SystemWire): boolean => ['ClusteredNormal', 'unknown'].includes(clusterStateOf(system));

const clusterWarnings = (system: SystemWire): readonly string[] =>
  isClusterNormal(system) ? [] : [`the array's management cluster is ${clusterStateOf(system)}`];

export const toIdentity = (system: SystemWire, apiVersion: string, account?: ArrayAccount): ArrayIdentity => ({
  arrayId: system.id,
  ...(system.name ? { name: system.name } : {}),
  vendor: 'Dell',
  model: modelOf(apiVersion),
  version: releaseOf(system, apiVersion),
  apiVersion,
  warnings: [...clusterWarnings(system), ...accountWarnings(account)],
  ...(account === undefined ? {} : { account }),
});
