import type { Row } from '../../core/change.ts';
import { discoveredId } from '../../core/discovery/discovered-id.ts';
import type { DiscoveryPlan } from '../../core/discovery/plan.ts';
import { toRow } from '../../core/inventory/resource.ts';
import type { Operation, Task } from '../../core/operation/schema.ts';
import { operationWrites } from '../../core/operation/store.ts';
import { taskIdOf } from '../../core/urn.ts';
import type { DriverAnswer, DriverRequest } from '../../drivers/sdk/driver.ts';
import type { HostComponent, StoragePool, StoragePort } from '../../drivers/sdk/model.ts';
import type { InventoryPage } from '../../drivers/sdk/verbs.ts';
import type { ControlPorts } from '../../functions/control/ports.ts';
import { runStep } from '../../functions/control/run-step.ts';
import { runners } from '../../functions/control/runners.ts';
import { answered, aProvider, type ControlWorld, controlWorld, providerId, ScriptedDrivers } from './control.ts';

/** A control function that discovers an array whose driver answers, scope by scope, what a test tells it to. */

export const operationId = '00000000-0000-4000-8000-0000000000dd';
export const taskId = taskIdOf(operationId, providerId);
export const gib = 1024 ** 3;

export const aPool = (change: Partial<StoragePool> = {}): StoragePool => ({
  nativeId: 'p1',
  systemNativeId: 's1',
  name: 'pool1',
  state: 'online',
  provisioningTypes: ['thin', 'thick'],
  driveTypes: ['SSD'],
  totalBytes: 1000 * gib,
  freeBytes: 900 * gib,
  subscribedBytes: 100 * gib,
  minVolumeBytes: 8 * gib,
  maxVolumeBytes: 1024 * 1024 * gib,
  sizeGranularityBytes: 8 * gib,
  unwrittenReadsZero: 'yes',
  compression: false,
  statisticsLagSeconds: 60,
  volumeCount: 0,
  ...change,
});

export const aPort = (nativeId: string): StoragePort => ({
  nativeId,
  systemNativeId: 's1',
  name: nativeId,
  addresses: ['192.0.2.9'],
  transport: 'ip',
  state: 'online',
});

export const aHost = (nativeId: string): HostComponent => ({
  nativeId,
  name: '192.0.2.11',
  osType: 'Linux',
  addresses: ['192.0.2.11'],
  state: 'online',
  initiators: [{ type: 'sdc', id: nativeId, protocol: 'ScaleIO', nodeName: 'GUID', approved: true, state: 'online' }],
});

export const aPage = (change: Partial<InventoryPage> = {}): InventoryPage => ({
  systems: [{ nativeId: 's1', name: 'pd1', serialNumber: '1', firmwareVersion: '3.6', model: 'PowerFlex', state: 'online' }],
  pools: [aPool()],
  ports: [aPort('sds1')],
  hosts: [aHost('sdc1')],
  volumes: [],
  complete: true,
  ...change,
});

export const installation: Row = {
  pk: 'INSTALLATION',
  sk: 'INSTALLATION',
  mark: 'abc123',
  rootTenantId: 'urn:storageos:TenantOrg:00000000-0000-4000-8000-000000000009:global',
  epoch: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
};

const operation: Operation = {
  id: operationId,
  workflow: 'discover-provider',
  state: 'accepted',
  owner: operationId,
  repairs: 0,
  tenantId: installation['rootTenantId'] as string,
  requestedBy: 'root',
  correlationId: 'c',
  acceptedAt: '2026-01-01T00:00:00.000Z',
  taskIds: [taskId],
};

const task: Task = {
  id: taskId,
  operationId,
  resourceId: providerId,
  resourceName: 'north',
  tenantId: operation.tenantId,
  name: 'DISCOVER',
  state: 'pending',
  message: '',
  progress: 0,
  startedAt: operation.acceptedAt,
  associatedIds: [],
};

export const idOf = (type: 'StoragePool' | 'Host' | 'Initiator' | 'StoragePort' | 'UnManagedVolume', nativeId: string) => ({
  pk: discoveredId(type, 'array-1', nativeId),
  sk: 'RESOURCE',
});

type Answer = () => DriverAnswer;

export const noVolumes: InventoryPage = { systems: [], pools: [], ports: [], hosts: [], volumes: [], complete: true };

export interface Scripts {
  readonly physical: readonly Answer[];
  readonly volumes?: readonly Answer[];
}

/** In order, the last one for ever. */
const inTurn = (script: readonly Answer[]): Answer => {
  const left = [...script];
  return () => {
    const next = left.length > 1 ? left.shift() : left[0];
    if (!next) throw new Error('the script has no answer');
    return next();
  };
};

const scopeOf = ({ input }: DriverRequest): unknown =>
  typeof input === 'object' && input !== null ? Reflect.get(input, 'scope') : undefined;

export const discoveryWorld = async ({ physical, volumes = [() => answered(noVolumes)] }: Scripts): Promise<ControlWorld> => {
  const [things, volumePages] = [inTurn(physical), inTurn(volumes)];
  const world = await controlWorld(new ScriptedDrivers((request) => (scopeOf(request) === 'volumes' ? volumePages() : things())));
  world.rows.seed('Inventory', [installation]);
  return world;
};

export const worldOf = (...physical: Answer[]): Promise<ControlWorld> => discoveryWorld({ physical });

/** A whole discovery; the second and later ones of a test are operations anew. */
export const discover = async (
  world: ControlWorld,
  ports: Partial<ControlPorts> = {},
  plan: Partial<DiscoveryPlan> = {},
): Promise<void> => {
  const stored = await world.rows.get('Inventory', { pk: providerId, sk: 'RESOURCE' });
  const provider = aProvider({ ...(stored as object), id: providerId, activeTaskId: taskId });
  world.rows.seed('Inventory', [toRow(provider)]);
  const fresh = new Map<string, Row>();
  for (const write of operationWrites(operation, { providerId, requestedBy: 'operator', ...plan }, [task]))
    if (write.do === 'put') fresh.set(write.row.sk, write.row);
  world.rows.seed('Tasks', [...fresh.values()]);
  await runStep(
    runners,
    { ...world, ...ports },
    { workflow: 'discover-provider', operationId, execution: operationId, phase: 'run', step: 'DiscoverProvider' },
  );
};
