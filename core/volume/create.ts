import type { DriverDeclaration } from '../../drivers/sdk/driver.ts';
import { parseSize } from '../capacity/size.ts';
import { takeCapacity } from '../capacity/take.ts';
import type { Write } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { readInstallation } from '../identity/installation.ts';
import { created } from '../inventory/changes.ts';
import { newResource } from '../inventory/resource.ts';
import type { StorageProvider, Volume } from '../inventory/schemas.ts';
import { acceptOperation, type OperationIntent, type TaskIntent } from '../operation/accept.ts';
import { mostOrdered, mostTogether } from '../operation/chunks.ts';
import { replanning } from '../operation/replan.ts';
import { bindTakingBack } from '../operation/take-back.ts';
import { type Placed, type Placement, place } from '../placement/place.ts';
import { marksOf, type Owned } from '../quota/limits.ts';
import { type Reservation, reserveForNew } from '../quota/reserve.ts';
import { type ApiPorts, authorOf, type Conclusion, type RequestContext } from '../request.ts';
import { makeUrn, taskIdOf } from '../urn.ts';
import { mismatchesOf } from '../vpool/match.ts';
import { createPreview, createWork } from './create-preview.ts';
import { nativeNameOf } from './native-name.ts';
import { storedCreatePlan, type VolumeCreatePlan } from './plan.ts';
import { type Destination, findDestination, readSupply, type Supply } from './references.ts';
import { takeBackCreate } from './take-back.ts';

export interface VolumeOrder {
  readonly name: string;
  readonly size: string | number;
  readonly project: string;
  readonly varray: string;
  readonly vpool: string;
  readonly count: number;
}

export interface VolumePorts extends ApiPorts {
  readonly driverOf: (type: string) => Pick<DriverDeclaration, 'namePrefix'> | undefined;
}

const longestName = 128;

const namesOf = ({ name, count }: VolumeOrder): string[] => {
  if (count > mostOrdered)
    throw new ControlPlaneError(`count: ${count} is more than the ${mostOrdered} volumes of one request; send several requests`, {
      code: 'request.limit',
    });
  const names = count === 1 ? [name] : Array.from({ length: count }, (_, n) => `${name}-${n + 1}`);
  if (names.some((one) => one.length > longestName))
    throw new ControlPlaneError(`name: with its number the name has more than ${longestName} characters; shorten it`, {
      code: 'request.parameterInvalid',
    });
  return names;
};

interface Sized {
  readonly count: number;
  readonly seed: string;
  readonly requestedBytes: number;
}

const findPlacement = ({ varray, vpool }: Destination, { pools, providers }: Supply, order: Sized): Placement =>
  place({
    ...order,
    varrayId: varray.id,
    provisioning: vpool.provisioningType,
    allowsUnzeroedPools: vpool.allowsUnzeroedPools,
    pools,
    providers,
    mismatches: new Map(pools.map((pool) => [pool.id, mismatchesOf(vpool, pool)])),
  });

/** One volume of the order: where it lies and what it is called. */
interface Item {
  readonly volume: Volume;
  /** A place in the list of pools. */
  readonly pool: number;
  /** Of its placement. */
  readonly why: string;
}

interface Planned {
  readonly operationId: string;
  readonly placement: Placement;
  readonly items: readonly Item[];
  readonly plan: VolumeCreatePlan;
  /** Of the chosen pools. */
  readonly providers: readonly StorageProvider[];
  readonly reservation: Reservation;
}

interface Drafting {
  readonly destination: Destination;
  readonly requestedBytes: number;
  readonly operationId: string;
  readonly at: string;
  readonly names: readonly string[];
  readonly mark: string;
  readonly reservation: Reservation;
}

const ownedBy = ({ project, vpool }: Destination): Owned => ({ tenantId: project.tenantId, projectId: project.id, vpoolId: vpool.id });

const draftVolume = (drafting: Drafting, placed: Placed, named: { id: string; name: string; nativeName: string }): Volume => {
  const { varray, vpool } = drafting.destination;
  const { pool } = placed;
  const owned = ownedBy(drafting.destination);
  return {
    ...newResource(named.id, named.name, drafting.at),
    ...owned,
    activeTaskId: taskIdOf(drafting.operationId, named.id),
    varrayId: varray.id,
    poolId: pool.id,
    systemId: pool.systemId,
    providerId: pool.providerId,
    state: 'creating',
    provisioningType: vpool.provisioningType,
    requestedBytes: drafting.requestedBytes,
    provisionedBytes: placed.provisionedBytes,
    nativeName: named.nativeName,
    ...marksOf(owned, drafting.reservation.quotaIds),
  };
};

const prefixOf = (ports: VolumePorts, { providers }: Supply, providerId: string): string => {
  const types = [...providers.values()].filter(({ id }) => id === providerId).map(({ driverType }) => driverType);
  const [prefix] = types.flatMap((type) => ports.driverOf(type)?.namePrefix ?? []);
  if (prefix === undefined) throw new ControlPlaneError(`this release has no driver ${types.join()}`, { code: 'internal.unexpected' });
  return prefix;
};

interface Seating {
  readonly placement: Placement;
  readonly supply: Supply;
}

/** The names in their order, pool after pool. */
const draftItems = (ports: VolumePorts, drafting: Drafting, { placement, supply }: Seating): Item[] => {
  let start = 0;
  return placement.placed.flatMap((placed, pool) => {
    const names = drafting.names.slice(start, start + placed.count);
    const prefix = prefixOf(ports, supply, placed.pool.providerId);
    start += placed.count;
    return names.map((name): Item => {
      const id = makeUrn('Volume', ports.ids.uuid());
      const nativeName = nativeNameOf({ prefix, mark: drafting.mark }, id);
      return { pool, why: placed.why, volume: draftVolume(drafting, placed, { id, name, nativeName }) };
    });
  });
};

const planPools = (placed: readonly Placed[], systems: Supply['systems']): VolumeCreatePlan['pools'] =>
  placed.map(({ pool }) => {
    const system = systems.get(pool.systemId);
    if (!system) throw new ControlPlaneError(`the storage system of the pool ${pool.name} is gone`, { code: 'resource.changed' });
    return { id: pool.id, providerId: pool.providerId, arrayId: pool.arrayId, systemNativeId: system.nativeId, nativeId: pool.nativeId };
  });

const isLarge = (count: number): boolean => count > mostTogether;

/** Longer than a request lasts. */
const storingMs = 60_000;

const storingUntil = ({ acceptedAt, volumes }: VolumeCreatePlan) =>
  isLarge(volumes.length) ? { storingUntil: new Date(Date.parse(acceptedAt) + storingMs).toISOString() } : {};

/** Of each pool as it was judged: also that it is where it was and may be used as it was. */
const capacityOf = ({ placement, plan }: Planned): Write[] =>
  placement.placed.map(({ pool, count, provisionedBytes, conditions }) =>
    takeCapacity({
      poolId: pool.id,
      bytes: count * provisionedBytes,
      volumes: count,
      provisioning: plan.provisioning,
      when: [{ attribute: 'version', is: '=', value: pool.version }, ...conditions],
      ...storingUntil(plan),
    }),
  );

/** What does not change while the order is planned again. */
interface Ready {
  readonly destination: Destination;
  readonly requestedBytes: number;
  readonly names: readonly string[];
  readonly mark: string;
}

const prepare = async (ports: VolumePorts, request: RequestContext, order: VolumeOrder): Promise<Ready> => {
  const names = namesOf(order);
  const requestedBytes = parseSize(order.size);
  const [destination, installation] = await Promise.all([
    findDestination(ports.rows, request.principal, order),
    readInstallation(ports.rows),
  ]);
  if (!installation) throw new ControlPlaneError('nobody has logged in to this installation yet', { code: 'service.busy' });
  return { destination, requestedBytes, names, mark: installation.mark };
};

/** The same order is placed the same way, unless it is planned again because too many want the same pool. */
const seedOf = ({ project, name }: VolumeOrder, before: number): string => `${project}/${name}/${before}`;

interface Supplied extends Ready {
  readonly supply: Supply;
  readonly reservation: Reservation;
}

const planOrder = (ports: VolumePorts, found: Supplied, placement: Placement): Planned => {
  const { destination, supply, reservation } = found;
  const operationId = ports.ids.uuid();
  const at = new Date(ports.clock.now()).toISOString();
  const items = draftItems(ports, { ...found, operationId, at }, { placement, supply });
  const plan: VolumeCreatePlan = {
    acceptedAt: at,
    provisioning: destination.vpool.provisioningType,
    pools: planPools(placement.placed, supply.systems),
    volumes: items.map(({ volume, pool }) => ({ id: volume.id, nativeName: volume.nativeName, pool, bytes: volume.provisionedBytes })),
    ...(isLarge(items.length) && reservation.quotaIds.length > 0 ? { quotaIds: reservation.quotaIds } : {}),
  };
  const providers = [...supply.providers.values()].filter(({ id }) => plan.pools.some(({ providerId }) => providerId === id));
  return { operationId, placement, items, plan, providers, reservation };
};

const longestWhy = 200;

const taskOf = ({ volume, why }: Item): TaskIntent => ({
  resourceId: volume.id,
  resourceName: volume.name,
  name: 'CREATE VOLUME',
  why: why.slice(0, longestWhy),
});

const intentOf = (ports: VolumePorts, request: RequestContext, planned: Planned): Omit<OperationIntent, 'tenantId'> => {
  const { operationId, items, plan, placement, reservation } = planned;
  return {
    operationId,
    workflow: 'volume-create',
    plan: storedCreatePlan(plan),
    preview: {
      ...createPreview(
        plan,
        placement,
        items.map(({ volume }) => volume),
      ),
      ...(reservation.preview.length > 0 ? { quotas: reservation.preview } : {}),
    },
    work: createWork(plan),
    tasks: items.map(taskOf),
    writes: [...capacityOf(planned), ...reservation.writes],
    parted: {
      parts: items.map(({ volume }) => ({ resourceId: volume.id, writes: created(volume, authorOf(ports, request, operationId)) })),
      takeBack: bindTakingBack(takeBackCreate, plan),
    },
    changes: planned.providers,
    answer: 'tasks',
  };
};

/** Orders 1 to 100 volumes, all or none. Capacity is taken and the volumes exist, `creating`, when it answers; each has its task. */
export const createVolumes = async (ports: VolumePorts, request: RequestContext, order: VolumeOrder): Promise<Conclusion['answer']> => {
  const [ready, firstSupply] = await Promise.all([prepare(ports, request, order), readSupply(ports.rows, order.varray)]);
  return replanning(async (before) => {
    const supply = before === 0 ? firstSupply : await readSupply(ports.rows, order.varray);
    const { destination, requestedBytes } = ready;
    const placement = findPlacement(destination, supply, { count: order.count, requestedBytes, seed: seedOf(order, before) });
    const bytes = placement.placed.reduce((sum, { count, provisionedBytes }) => sum + count * provisionedBytes, 0);
    const reservation = await reserveForNew(ports.rows, ownedBy(destination), bytes);
    const planned = planOrder(ports, { ...ready, supply, reservation }, placement);
    return acceptOperation(ports, request, { ...intentOf(ports, request, planned), tenantId: destination.project.tenantId });
  });
};
