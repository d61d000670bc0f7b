import type { Row } from '../../core/change.ts';
import type { Principal } from '../../core/identity/access.ts';
import { listingRows } from '../../core/inventory/listings.ts';
import { newResource, type Resource, toRow } from '../../core/inventory/resource.ts';
import type {
  Host,
  Initiator,
  Project,
  StoragePool,
  StorageProvider,
  StorageSystem,
  VirtualArray,
  VirtualPool,
} from '../../core/inventory/schemas.ts';
import { wholeSettlement } from '../../core/operation/end.ts';
import { endWrites } from '../../core/operation/progress.ts';
import { operationSchema } from '../../core/operation/schema.ts';
import type { Settlement, Settling, StepAnswers, WorkflowSteps } from '../../core/operation/steps.ts';
import type { StartRequest } from '../../core/ports.ts';
import type { ApiPorts, RequestContext } from '../../core/request.ts';
import { makeUrn } from '../../core/urn.ts';
import type { VolumePorts } from '../../core/volume/create.ts';
import { MemoryRows } from './memory-rows.ts';

export const gib = 1024 ** 3;
export const startedAt = '2026-03-01T12:00:00.000Z';

const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export const tenantId = makeUrn('TenantOrg', uuid(1));
export const otherTenantId = makeUrn('TenantOrg', uuid(2));
export const projectId = makeUrn('Project', uuid(3));
export const varrayId = makeUrn('VirtualArray', uuid(4));
export const vpoolId = makeUrn('VirtualPool', uuid(5));
export const providerId = makeUrn('StorageProvider', uuid(6));
export const systemId = makeUrn('StorageSystem', uuid(7));
export const otherProviderId = makeUrn('StorageProvider', uuid(8));

const base = <Id extends string>(id: Id, name: string) => newResource(id, name, startedAt);

const discovered = (nativeId: string) => ({
  providerId,
  arrayId: 'array-1',
  nativeId,
  state: 'online' as const,
  visibility: 'visible' as const,
  digest: 'd',
});

export const aProject = (patch: Partial<Project> = {}): Project => ({ ...base(projectId, 'finance'), tenantId, owner: 'root', ...patch });

export const aVarray = (): VirtualArray => ({ ...base(varrayId, 'nh'), autoSanZoning: false });

export const aVpool = (patch: Partial<VirtualPool> = {}): VirtualPool => ({
  ...base(vpoolId, 'gold'),
  description: '',
  protocols: ['ScaleIO'],
  varrayIds: [varrayId],
  provisioningType: 'thin',
  useMatchedPools: true,
  assignedPoolIds: [],
  expandable: true,
  maxPaths: 1,
  minPaths: 1,
  pathsPerInitiator: 1,
  sharedAccess: false,
  allowsUnzeroedPools: false,
  ...patch,
});

export const aProvider = (patch: Partial<StorageProvider> = {}): StorageProvider => ({
  ...base(patch.id ?? providerId, 'gateway-1'),
  driverType: 'scaleio',
  interfaceType: 'scaleioapi',
  arrayId: 'array-1',
  endpoints: [{ host: '127.0.0.1', port: 1 }],
  tls: { mode: 'public' },
  userName: 'admin',
  secretName: 'secret',
  options: {},
  versionText: '4.5',
  model: 'PowerFlex',
  connection: 'connected',
  operations: 'normal',
  discovery: { status: 'complete' },
  observation: 1,
  ...patch,
});

export const aSystem = (patch: Partial<StorageSystem> = {}): StorageSystem => ({
  ...base(patch.id ?? systemId, 'domain-1'),
  ...discovered('pd-1'),
  systemType: 'scaleio',
  serialNumber: '1',
  firmwareVersion: '4.5',
  model: 'PowerFlex',
  ...patch,
});

export const poolIdOf = (n: number): string => makeUrn('StoragePool', uuid(0x100 + n));

/** 1,000 GiB, all of it free. */
export const aPool = (patch: Partial<StoragePool> & { n?: number } = {}): StoragePool => {
  const { n = 1, ...rest } = patch;
  return {
    ...base(poolIdOf(n), `pool-${n}`),
    ...discovered(`sp-${n}`),
    systemId,
    systemType: 'scaleio',
    protocols: ['ScaleIO'],
    provisioningTypes: ['thin', 'thick'],
    driveTypes: ['SSD'],
    minVolumeBytes: 8 * gib,
    maxVolumeBytes: 1024 * gib,
    sizeGranularityBytes: 8 * gib,
    unwrittenReadsZero: 'yes',
    compression: false,
    statisticsLagSeconds: 30,
    volumeCount: 0,
    observation: 1,
    observedAt: startedAt,
    totalBytes: 1000 * gib,
    freeBytes: 1000 * gib,
    subscribedBytes: 0,
    observedManagedBytes: 0,
    managedBytes: 0,
    managedThickBytes: 0,
    managedCount: 0,
    foreignCount: rest.volumeCount ?? 0,
    isCounted: true,
    registration: 'registered',
    assignedVarrayIds: [varrayId],
    ...rest,
  };
};

export const hostIdOf = (n: number): string => makeUrn('Host', uuid(0x200 + n));
export const initiatorIdOf = (n: number): string => makeUrn('Initiator', uuid(0x300 + n));

export const aHost = (n = 1, patch: Partial<Host> = {}): Host => ({
  ...base(hostIdOf(n), `10.0.0.${n}`),
  ...discovered(`sdc-${n}`),
  tenantId,
  osType: 'Linux',
  addresses: [`10.0.0.${n}`],
  discoverable: true,
  ...patch,
});

export const anInitiator = (n = 1, patch: Partial<Initiator> = {}): Initiator => ({
  ...base(initiatorIdOf(n), `sdc-${n}`),
  ...discovered(`sdc-${n}`),
  tenantId,
  hostId: hostIdOf(n),
  hostName: `10.0.0.${n}`,
  initiatorType: 'sdc',
  protocol: 'ScaleIO',
  port: `sdc-${n}`,
  approved: true,
  ...patch,
});

export const tenantAdmin: Principal = { user: 'tina', tenantId, systemRoles: [], tenantRoles: ['TENANT_ADMIN'] };
export const stranger: Principal = { user: 'sam', tenantId: otherTenantId, systemRoles: [], tenantRoles: ['TENANT_ADMIN'] };
export const monitor: Principal = { user: 'mona', tenantId: otherTenantId, systemRoles: ['SYSTEM_MONITOR'], tenantRoles: [] };

export const asked = (patch: Partial<RequestContext> = {}): RequestContext => ({
  principal: tenantAdmin,
  correlationId: 'c',
  dryRun: false,
  ...patch,
});

export interface World {
  readonly rows: MemoryRows;
  readonly ports: VolumePorts & ApiPorts;
  readonly started: StartRequest[];
  put(...resources: Resource[]): void;
  /** The raw row of a resource. */
  row(id: string): Row | undefined;
}

const seeded = (rows: MemoryRows, resources: readonly Resource[]): void => {
  for (const resource of resources) rows.seed('Inventory', [toRow(resource), ...listingRows(resource)]);
};

/** A data centre with one provider, one system and two pools in one virtual array, two hosts, and a tenant's project. */
export const aWorld = (): World => {
  const rows = new MemoryRows();
  const started: StartRequest[] = [];
  let count = 0x10000;
  const next = () => {
    count += 1;
    return count;
  };
  rows.seed('Inventory', [
    { pk: 'INSTALLATION', sk: 'INSTALLATION', mark: 'abc123', rootTenantId: tenantId, epoch: 1, createdAt: startedAt },
  ]);
  seeded(rows, [
    base(tenantId, 'root'),
    aProject(),
    aVarray(),
    aVpool(),
    aProvider(),
    aSystem(),
    aPool({ n: 1 }),
    aPool({ n: 2, freeBytes: 900 * gib, unwrittenReadsZero: 'no' }),
    aHost(1),
    aHost(2),
    anInitiator(1),
    anInitiator(2),
  ]);
  return {
    rows,
    started,
    put: (...resources) => seeded(rows, resources),
    row: (id) => rows.all('Inventory').find((row) => row.pk === id && row.sk === 'RESOURCE'),
    ports: {
      rows,
      ids: { uuid: () => uuid(next()), ulid: () => next().toString(16).padStart(26, '0'), secret: () => 's' },
      clock: { now: () => Date.parse(startedAt) },
      workflows: {
        start: async (request) => {
          started.push(request);
        },
        state: async () => 'running',
        redrive: async () => false,
      },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      driverOf: (type) => (type === 'scaleio' ? { namePrefix: 'p' } : undefined),
    },
  };
};

export interface Ending {
  readonly answers?: StepAnswers;
  readonly learned?: Readonly<Record<string, unknown>>;
  readonly failure?: { code: string; message: string };
}

/** The plan and the operation that a started workflow would find. */
export const startedOperation = <Plan>({ rows, started }: World, steps: WorkflowSteps<Plan>, n = started.length - 1) => {
  const operationId = started[n]?.input.operationId ?? '';
  const find = (sk: string) => rows.all('Tasks').find((row) => row.pk === `OPERATION#${operationId}` && row.sk === sk);
  const operation = operationSchema.parse({ ...find('OPERATION'), id: operationId });
  return { operation, plan: steps.plan.parse(find('OPERATION')?.['plan'] ?? find('PLAN')?.['plan']) };
};

const settlementOf = <Plan>(
  { resolve, ...steps }: WorkflowSteps<Plan>,
  settling: Settling<Plan>,
  how: 'commit' | 'rollBack' | 'accept' | 'release',
): Settlement => {
  if (how === 'commit' || how === 'rollBack') return steps[how](settling);
  const settlement = resolve?.settle(settling, how) ?? { refusal: 'it cannot be resolved' };
  if ('refusal' in settlement) throw new Error(settlement.refusal);
  return settlement;
};

/** Ends a started operation as the control function does: settlement, tasks and operation in one transaction. */
export const endStarted = async <Plan>(
  world: World,
  steps: WorkflowSteps<Plan>,
  end: Ending & { how: 'commit' | 'rollBack' | 'accept' | 'release'; n?: number },
): Promise<Settlement> => {
  const { operation, plan } = startedOperation(world, steps, end.n);
  const known = new Set(steps.resources(plan));
  const settling: Settling<Plan> = {
    plan,
    operation,
    author: { actor: 'tina', at: startedAt, operationId: operation.id, ulid: world.ports.ids.ulid },
    row: (id) => {
      const row = known.has(id) ? world.row(id) : undefined;
      return row && { ...row, id };
    },
    answers: end.answers ?? [],
    learned: end.learned ?? {},
    ...(end.failure ? { failure: end.failure } : {}),
  };
  const settlement = wholeSettlement(settlementOf(steps, settling, end.how));
  const state = end.how === 'commit' ? 'committed' : 'rolled-back';
  await world.rows.transact([...endWrites(operation, { state, at: startedAt, tasks: settlement.tasks }), ...settlement.writes]);
  return settlement;
};
