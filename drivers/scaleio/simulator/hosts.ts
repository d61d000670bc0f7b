import { requiredText, text, wholeNumber } from './body.ts';
import { badRequest, refuse } from './errors.ts';
import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import type { ArrayState, Sdc } from './model.ts';
import { requireFreeName } from './names.ts';
import { hostStatistics, removeSdc, sdcView, volumesOf } from './sdcs.ts';
import { volumeView } from './volume-view.ts';

function createHost(array: ArrayState, body: Json): Json {
  const nqn = requiredText(body, 'nqn');
  if (!nqn.startsWith('nqn.')) throw badRequest(`nqn (${nqn}) must start with nqn.`);
  const name = text(body, 'name') || null;
  if (name !== null) requireFreeName({ name, among: array.sdcs.values(), inUse: 'INI_NAME_IN_USE' });
  if ([...array.sdcs.values()].some((host) => host.nqn === nqn)) throw refuse('UNCONFIRMED_HOST_NQN_IN_USE');
  const id = array.newId('Sdc');
  array.sdcs.set(id, {
    ...{ id, name, nqn, hostType: 'NVMeHost', guid: null, ips: [], approved: true, approvedIps: null, connected: false },
    ...{ osType: 'Linux', perfProfile: 'Default' },
    maxNumPaths: wholeNumber(body, 'maxNumPaths') ?? 4,
    maxNumSysPorts: wholeNumber(body, 'maxNumSysPorts') ?? 10,
  });
  return { id };
}

function positive(body: Json, key: string): number {
  const value = wholeNumber(body, key);
  if (value === undefined || value === 0) throw badRequest(`${key} must be a positive whole number`);
  return value;
}

function modifyMaxNumPaths(_array: ArrayState, host: Sdc, body: Json): void {
  host.maxNumPaths = positive(body, 'newMaxNumPaths');
}

function modifyMaxNumSysPorts(_array: ArrayState, host: Sdc, body: Json): void {
  host.maxNumSysPorts = positive(body, 'newMaxNumSysPorts');
}

/** A connected host has one controller at each target, up to the paths it may have. */
function controllersOf(array: ArrayState, host: Sdc): Json[] {
  const targets = host.connected ? [...array.sdts.values()].slice(0, host.maxNumPaths ?? 0) : [];
  return targets.map((sdt, index) => ({
    ...{ id: `${host.id.slice(0, 12)}${index.toString(16).padStart(4, '0')}`, name: null, isConnected: true, isAssigned: true },
    ...{ hostId: host.id, hostIp: host.ips[0] ?? null, sdtId: sdt.id, controllerId: index + 1 },
    ...{ sysPortId: index, sysPortIp: sdt.ips[0] ?? null, subsystem: 'Io' },
  }));
}

/** NVMe hosts. The gateway lists and changes them as SDCs, too. */
export const hosts = defineFamily<Sdc>({
  type: 'Host',
  since: '4.5',
  missing: 'INI_NOT_FOUND',
  items: (array) => [...array.sdcs.values()].filter((sdc) => sdc.hostType === 'NVMeHost'),
  find: (array, id) => array.sdcs.get(id),
  view: sdcView,
  statistics: hostStatistics,
  create: createHost,
  byKey: (array, body) => [...array.sdcs.values()].find((host) => host.nqn !== null && host.nqn === text(body, 'nqn')),
  relationships: {
    Volume: (array, host) => volumesOf(array, host).map((volume) => volumeView(array, volume)),
    NvmeController: (array, host) => controllersOf(array, host),
  },
  actions: {
    removeHost: { run: removeSdc },
    modifyMaxNumPaths: { run: modifyMaxNumPaths },
    modifyMaxNumSysPorts: { run: modifyMaxNumSysPorts },
  },
});
