import { alerts } from './alerts.ts';
import { devices } from './devices.ts';
import { domains } from './domains.ts';
import { type RefusalSymbol, unknownResource } from './errors.ts';
import { defineFamily, type Family } from './family.ts';
import { hosts } from './hosts.ts';
import type { ArrayState } from './model.ts';
import { peers } from './peers.ts';
import { pools } from './pools.ts';
import { sdcs } from './sdcs.ts';
import { sdss } from './sdss.ts';
import { sdts } from './sdts.ts';
import { snapshotPolicies } from './snapshot-policies.ts';
import { system } from './system.ts';
import { users } from './users.ts';
import type { ApiVersion } from './versions.ts';
import { volumes } from './volumes.ts';
import { vtrees } from './vtrees.ts';

interface Absent {
  type: string;
  since: ApiVersion;
  missing?: RefusalSymbol;
}

/** Types that exist, of which this array has none. */
const noneOf = ({ type, since, missing = 'NOT_FOUND' }: Absent) =>
  defineFamily({ type, since, missing, items: () => [], find: () => undefined, view: () => ({}) });

const families: readonly Family[] = [
  ...[system, domains, pools, sdss, devices, sdcs, hosts, sdts, volumes, vtrees, snapshotPolicies, peers, users, alerts],
  noneOf({ type: 'FaultSet', since: '2.5', missing: 'FAULT_SET_NOT_FOUND' }),
  noneOf({ type: 'AccelerationPool', since: '3.0' }),
  noneOf({ type: 'ReplicationConsistencyGroup', since: '3.6' }),
  noneOf({ type: 'ReplicationPair', since: '3.6' }),
];

const byType = new Map(families.map((family) => [family.type, family]));

export function familyOf(array: ArrayState, type: string): Family {
  const family = byType.get(type);
  if (family === undefined || !family.isIn(array.version)) throw unknownResource(`type ${type}`);
  return family;
}

/** The answer to `GET /api/instances`. */
export function everything(array: ArrayState) {
  const list = (type: string) => familyOf(array, type).list(array);
  return {
    System: list('System')[0],
    protectionDomainList: list('ProtectionDomain'),
    storagePoolList: list('StoragePool'),
    sdsList: list('Sds'),
    deviceList: list('Device'),
    sdcList: list('Sdc'),
    volumeList: list('Volume'),
    vTreeList: list('VTree'),
    faultSetList: list('FaultSet'),
  };
}
