import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import { afterChange } from '../sdk/failure.ts';
import type { HostComponent } from '../sdk/model.ts';
import type { CommittedHost, HostIntent, HostItem } from '../sdk/verbs/operate.ts';
import type { BatchAnswer } from '../sdk/verbs.ts';
import { arrayCode, hasArrayCode } from './failures.ts';
import type { Gateway } from './gateway.ts';
import { isNvmeHost, toHost } from './host-mapping.ts';
import { requireName } from './names.ts';
import { readHosts } from './physical.ts';
import { type Done, oneByOne, type Run } from './run.ts';
import { createdWire, idWire, type SdcWire } from './wire.ts';

const refused = (code: 'object.foreign' | 'object.missing' | 'object.inUse' | 'object.drifted' | 'request.invalid', message: string) =>
  new DriverError(message, { outcome: 'DriverRejected', code });

type Initiators = HostIntent['initiators'];

const hasInitiator = (host: SdcWire, { type, id }: Initiators[number]): boolean => {
  const wanted = id.toLowerCase();
  if (type === 'nvme-tcp') return isNvmeHost(host) && host.nqn === id;
  return type === 'sdc' && !isNvmeHost(host) && [host.id, host.sdcGuid?.toLowerCase()].includes(wanted);
};

const found = (host: SdcWire, outcome: 'made' | 'found'): Done<HostComponent> => ({ outcome, nativeId: host.id, observed: toHost(host) });

/** The one host that has the initiators; undefined when the array knows none of them. */
const findHost = (hosts: readonly SdcWire[], initiators: Initiators): SdcWire | undefined => {
  const known = initiators.map((initiator) => hosts.find((host) => hasInitiator(host, initiator)));
  const [host, ...others] = new Set(known.filter((candidate) => candidate !== undefined));
  if (others.length > 0) throw refused('object.foreign', 'the initiators are those of several hosts of the array');
  if (host !== undefined && known.includes(undefined)) throw refused('object.foreign', `host ${host.id} has not all of the initiators`);
  return host;
};

/** An SDC registers itself; only NVMe hosts are made, each with one NQN. */
const nqnOf = ({ initiators }: HostIntent): string => {
  const [first, ...more] = initiators;
  if (first === undefined || more.length > 0) throw refused('request.invalid', 'a host of this array has exactly one initiator');
  if (first.type === 'nvme-tcp') return first.id;
  if (first.type === 'sdc') throw refused('object.missing', `SDC ${first.id} has not registered with the array`);
  throw refused('request.invalid', `the array has no hosts with initiators of type ${first.type}`);
};

const create = async (gateway: Gateway, body: { nqn: string; name: string }): Promise<string> => {
  try {
    return (await gateway.create(createdWire, '/api/types/Host/instances', body)).id;
  } catch (error) {
    if (hasArrayCode(error, arrayCode.hostNameInUse)) throw refused('object.foreign', `another host has the name ${body.name}`);
    throw error;
  }
};

const readBack = async (gateway: Gateway, nativeId: string): Promise<SdcWire> => {
  const host = (await readHosts(gateway)).find(({ id }) => id === nativeId);
  if (host !== undefined) return host;
  throw new DriverError(`host ${nativeId} was made and is not there`, { outcome: 'DriverUncertain', code: 'object.missing' });
};

const ensure = async (gateway: Gateway, intent: HostIntent): Promise<Done<HostComponent>> => {
  const hosts = await readHosts(gateway);
  const there = findHost(hosts, intent.initiators);
  if (there !== undefined) return found(there, 'found');
  const nqn = nqnOf(intent);
  requireName(intent.name);
  if (hosts.some(({ name }) => name === intent.name)) throw refused('object.foreign', `another host has the name ${intent.name}`);
  const nativeId = await create(gateway, { nqn, name: intent.name });
  return afterChange(async () => found(await readBack(gateway, nativeId), 'made'));
};

/** Two bulk reads to look; making one costs the call and two more reads. */
export const ensureHosts = (run: Run, { items }: { items: readonly HostIntent[] }): Promise<BatchAnswer<HostComponent>> =>
  oneByOne(run, items, (intent) => ensure(run.gateway, intent));

const requireRecorded = (host: SdcWire, { expectedName, initiators }: CommittedHost): void => {
  if (host.name !== expectedName) throw refused('object.drifted', `host ${host.id} has another name than recorded`);
  if (!isNvmeHost(host) || !initiators.every((initiator) => hasInitiator(host, initiator))) {
    throw refused('object.drifted', `host ${host.id} has other initiators than recorded`);
  }
};

const volumesMapped = z.array(z.object({ id: idWire }));

const remove = async (gateway: Gateway, expected: CommittedHost): Promise<Done<never>> => {
  const host = (await readHosts(gateway)).find(({ id }) => id === expected.nativeId);
  if (host === undefined) return { outcome: 'found' };
  requireRecorded(host, expected);
  const mapped = await gateway.get(volumesMapped, `/api/instances/Host::${host.id}/relationships/Volume`);
  if (mapped.length > 0) throw refused('object.inUse', `volumes are mapped to host ${host.id}`);
  await gateway.act(`/api/instances/Sdc::${host.id}/action/removeSdc`, {});
  return { outcome: 'made', nativeId: host.id };
};

export const ensureHostsAbsent = (run: Run, { items }: { items: readonly HostItem[] }): Promise<BatchAnswer<never>> =>
  oneByOne(run, items, ({ host }) => remove(run.gateway, host));
