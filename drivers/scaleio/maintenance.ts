import { DriverError } from '../sdk/errors.ts';
import type { MaintenanceItem, MaintenanceState } from '../sdk/verbs/operate.ts';
import type { BatchAnswer } from '../sdk/verbs.ts';
import { type Blocker, clusterBlockers, poolBlockers } from './array-health.ts';
import type { Gateway } from './gateway.ts';
import { missing } from './lookup.ts';
import { domainState } from './mapping.ts';
import { readDomains, readPools, readSdss } from './physical.ts';
import { poolStatistics } from './pool-statistics.ts';
import { isInService, sdsStateOf } from './port-mapping.ts';
import { type Done, eachItem, oneByOne, type Run } from './run.ts';
import type { SdsWire } from './wire.ts';

/** With fewer servers a domain has nowhere to keep second copies while one is away. */
const fewestServers = 3;

const phases: ReadonlyMap<string, MaintenanceState['phase']> = new Map([
  ['NoMaintenance', 'inService'],
  ['SetMaintenanceInProgress', 'entering'],
  ['InMaintenance', 'inMaintenance'],
  ['ExitMaintenanceInProgress', 'exiting'],
]);

const phaseOf = ({ id, maintenanceState }: SdsWire): MaintenanceState['phase'] => {
  const phase = phases.get(maintenanceState ?? 'NoMaintenance');
  if (phase !== undefined) return phase;
  throw new DriverError(`SDS ${id} is in a state of maintenance that is not known`, { outcome: 'DriverBusy', code: 'array.busy' });
};

const otherBlockers = (sds: SdsWire): readonly Blocker[] => {
  if (!isInService(sds)) return [{ code: 'port.inMaintenance', message: `port ${sds.id} of the same system is in maintenance` }];
  return sdsStateOf(sds) === 'online' ? [] : [{ code: 'port.unhealthy', message: `port ${sds.id} of the same system is not healthy` }];
};

const domainBlockers = (sds: SdsWire, all: readonly SdsWire[]): readonly Blocker[] => {
  const others = all.filter(({ id, protectionDomainId }) => protectionDomainId === sds.protectionDomainId && id !== sds.id);
  const tooFew = others.length + 1 < fewestServers;
  return [
    ...(tooFew ? [{ code: 'ports.tooFew', message: `the system has fewer than ${fewestServers} ports` }] : []),
    ...others.flatMap(otherBlockers),
  ];
};

/** Why this SDS may not be taken out of service now; three calls, whatever the array holds. */
const blockersOf = async (gateway: Gateway, sds: SdsWire, all: readonly SdsWire[]): Promise<readonly Blocker[]> => {
  const domain = (await readDomains(gateway)).find(({ id }) => id === sds.protectionDomainId);
  const pools = (await readPools(gateway)).filter(({ protectionDomainId }) => protectionDomainId === sds.protectionDomainId);
  const statistics = await poolStatistics(gateway);
  return [
    ...clusterBlockers(gateway),
    ...(domainState(domain?.protectionDomainState) === 'online' ? [] : [{ code: 'system.inactive', message: 'the system is not active' }]),
    ...(sdsStateOf(sds) === 'online' ? [] : [{ code: 'port.unhealthy', message: `port ${sds.id} itself is not healthy` }]),
    ...domainBlockers(sds, all),
    ...pools.flatMap(({ id }) => poolBlockers(id, statistics.get(id))),
  ];
};

const find = (all: readonly SdsWire[], { component }: MaintenanceItem): SdsWire | undefined => {
  const sds = all.find(({ id }) => id === component.nativeId);
  if (sds === undefined || (sds.name ?? sds.id) === component.expectedName) return sds;
  throw new DriverError(`port ${sds.id} is not the one that was recorded: its name differs`, {
    outcome: 'DriverRejected',
    code: 'object.drifted',
    facts: { field: 'name' },
  });
};

const stateOf = async (gateway: Gateway, sds: SdsWire, all: readonly SdsWire[]): Promise<MaintenanceState> => {
  const phase = phaseOf(sds);
  return { phase, blockers: phase === 'inService' ? await blockersOf(gateway, sds, all) : [] };
};

const check = async (gateway: Gateway, item: MaintenanceItem): Promise<Done<MaintenanceState>> => {
  const all = await readSdss(gateway);
  const sds = find(all, item);
  if (sds === undefined) return { outcome: 'found' };
  return { outcome: 'found', nativeId: sds.id, observed: await stateOf(gateway, sds, all) };
};

export const checkMaintenance = (run: Run, { items }: { items: readonly MaintenanceItem[] }): Promise<BatchAnswer<MaintenanceState>> =>
  eachItem(run, items, (item) => check(run.gateway, item));

const requireNoBlockers = (blockers: readonly Blocker[]): void => {
  const [first] = blockers;
  if (first === undefined) return;
  const codes = [...new Set(blockers.map(({ code }) => code))].join(' ');
  throw new DriverError(`it may not be taken out of service: ${first.message}`, {
    outcome: 'DriverRejected',
    code: 'array.busy',
    facts: { blockers: codes },
  });
};

const onItsWay = (sds: SdsWire, phase: MaintenanceState['phase']): DriverError =>
  new DriverError(`port ${sds.id} is ${phase}`, { outcome: 'DriverUnfinished', code: 'array.busy', facts: { phase } });

interface Direction {
  action: (sds: SdsWire) => string;
  from: MaintenanceState['phase'];
  to: MaintenanceState['phase'];
}

/** The kind of maintenance whose data stays where it is; it is left as it was entered. */
const entering: Direction = { action: () => 'enterMaintenanceMode', from: 'inService', to: 'inMaintenance' };
const exiting: Direction = {
  action: ({ maintenanceType }) => (maintenanceType?.startsWith('Protected') ? 'exitProtectedMaintenanceMode' : 'exitMaintenanceMode'),
  from: 'inMaintenance',
  to: 'inService',
};

const arrived = (sds: SdsWire, { to }: Direction, outcome: 'made' | 'found'): Done<MaintenanceState> => {
  if (phaseOf(sds) !== to) throw onItsWay(sds, phaseOf(sds));
  return { outcome, nativeId: sds.id, observed: { phase: to, blockers: [] } };
};

const move = async (gateway: Gateway, item: MaintenanceItem, direction: Direction): Promise<Done<MaintenanceState>> => {
  const all = await readSdss(gateway);
  const sds = find(all, item);
  if (sds === undefined) throw missing(item.component.nativeId);
  if (phaseOf(sds) !== direction.from) return arrived(sds, direction, 'found');
  if (direction === entering) requireNoBlockers(await blockersOf(gateway, sds, all));
  await gateway.act(`/api/instances/Sds::${sds.id}/action/${direction.action(sds)}`, {});
  const now = find(await readSdss(gateway), item);
  return arrived(now ?? sds, direction, 'made');
};

/** One after the other, so that the next one sees that the last one is away. */
export const enterMaintenance = (run: Run, { items }: { items: readonly MaintenanceItem[] }): Promise<BatchAnswer<MaintenanceState>> =>
  oneByOne(run, items, (item) => move(run.gateway, item, entering));

export const exitMaintenance = (run: Run, { items }: { items: readonly MaintenanceItem[] }): Promise<BatchAnswer<MaintenanceState>> =>
  oneByOne(run, items, (item) => move(run.gateway, item, exiting));
