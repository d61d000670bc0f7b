import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import type { InitiatorType, VolumeMapping } from '../sdk/model.ts';
import type { Gateway } from './gateway.ts';
import { has, introducedIn } from './releases.ts';
import { idWire, sdcWire } from './wire.ts';

/** What a volume is mapped to: an SDC or, since 4.0, an NVMe host. */
export interface Target {
  type: 'sdc' | 'nvme-tcp';
  /** As mappings name it: the id of an SDC, the NQN of an NVMe host. */
  initiatorId: string;
  /** The array's id of it. */
  nativeId: string;
}

interface Initiator {
  type: InitiatorType;
  id: string;
}

const sdcId = /^[0-9a-f]{16}$/;
const sdcGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const refused = (code: 'request.invalid' | 'object.missing', message: string): DriverError =>
  new DriverError(message, { outcome: 'DriverRejected', code });

/** Refuses, without asking the array, what this release cannot map to. */
export const requireMappable = ({ type }: Initiator, apiVersion: string): void => {
  if (type === 'sdc') return;
  if (type !== 'nvme-tcp') {
    throw refused('request.invalid', `an initiator of type ${type} cannot be mapped; this driver maps to types sdc and nvme-tcp`);
  }
  if (has(apiVersion, 'hosts by NVMe over TCP')) return;
  throw new DriverError(`release ${apiVersion} of the array has no NVMe hosts`, {
    outcome: 'DriverRejected',
    code: 'capability.missing',
    facts: { capability: 'export', feature: 'hosts by NVMe over TCP', since: introducedIn('hosts by NVMe over TCP') },
  });
};

const sdcTarget = (nativeId: string): Target => ({ type: 'sdc', initiatorId: nativeId, nativeId });

/** An SDC goes by its id, or by its GUID, which costs a call. */
const findSdc = async (gateway: Gateway, id: string): Promise<Target> => {
  if (sdcId.test(id)) return sdcTarget(id);
  if (!sdcGuid.test(id)) throw refused('request.invalid', `${JSON.stringify(id)} is neither the id nor the GUID of an SDC`);
  return sdcTarget(await gateway.ask(idWire, '/api/types/Sdc/instances/action/queryIdByKey', { guid: id.toUpperCase() }));
};

const findNvmeHost = async (gateway: Gateway, nqn: string): Promise<Target> => {
  const hosts = await gateway.get(z.array(sdcWire), '/api/types/Host/instances');
  const host = hosts.find((candidate) => candidate.nqn === nqn);
  if (host === undefined) throw refused('object.missing', `the array has no NVMe host ${JSON.stringify(nqn)}`);
  return { type: 'nvme-tcp', initiatorId: nqn, nativeId: host.id };
};

/** No call for the id of an SDC, one for a GUID or an NQN. */
export const findTarget = (gateway: Gateway, { type, id }: Initiator): Promise<Target> =>
  type === 'nvme-tcp' ? findNvmeHost(gateway, id) : findSdc(gateway, id);

export const isMappedTo = ({ initiatorType, initiatorId }: VolumeMapping, target: Target): boolean =>
  initiatorType === target.type && initiatorId === target.initiatorId;

/** Names the action and the field by which the array takes the target. */
export const mappingCall = (change: 'add' | 'remove', { type, nativeId }: Target): { action: string; body: Record<string, string> } =>
  type === 'sdc'
    ? { action: `${change}MappedSdc`, body: { sdcId: nativeId } }
    : { action: `${change}MappedHost`, body: { hostId: nativeId } };
