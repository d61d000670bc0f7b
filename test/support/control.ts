import * as z from 'zod';
import { newResource, toRow } from '../../core/inventory/resource.ts';
import type { StorageProvider } from '../../core/inventory/schemas.ts';
import type { Operation, Task } from '../../core/operation/schema.ts';
import type { WorkflowSteps } from '../../core/operation/steps.ts';
import { operationWrites } from '../../core/operation/store.ts';
import type { Drivers } from '../../core/ports.ts';
import { taskIdOf } from '../../core/urn.ts';
import { scaleio } from '../../drivers/scaleio/index.ts';
import type { DriverAnswer, DriverRequest } from '../../drivers/sdk/driver.ts';
import type { DriverFailure } from '../../drivers/sdk/errors.ts';
import type { ControlPorts } from '../../functions/control/ports.ts';
import { defineWorkflow } from '../../statemachines/dsl/define.ts';
import { MemoryRows } from './memory-rows.ts';

/** A control function whose store is in memory and whose driver answers what a test tells it to. */

export const providerId = 'urn:storageos:StorageProvider:00000000-0000-4000-8000-000000000001:vdc1';
export const resourceId = 'urn:storageos:Volume:00000000-0000-4000-8000-000000000002:vdc1';
export const operationId = '00000000-0000-4000-8000-00000000000a';
export const taskId = taskIdOf(operationId, resourceId);
const at = '2026-01-01T00:00:00.000Z';

export const aProvider = (change: Partial<StorageProvider> = {}): StorageProvider => ({
  ...newResource(providerId, 'north', at),
  driverType: 'scaleio',
  interfaceType: 'scaleioapi',
  arrayId: 'array-1',
  endpoints: [{ host: '192.0.2.1', port: 443 }],
  tls: { mode: 'public' },
  userName: 'admin',
  secretName: 'patina/dev/scaleio/1',
  options: {},
  versionText: '3.6',
  model: 'PowerFlex',
  connection: 'connected',
  operations: 'normal',
  discovery: { status: 'complete' },
  observation: 1,
  ...change,
});

const noCalls = { login: 0, read: 0, change: 0 };
export const answered = (output: unknown): DriverAnswer => ({ gatewayCalls: noCalls, output });
export const failed = (error: DriverFailure): DriverAnswer => ({ gatewayCalls: noCalls, error });

/** Answers from a script, in order; the last answer is given for ever. */
export class ScriptedDrivers implements Drivers {
  readonly requests: DriverRequest[] = [];
  readonly #script: ((request: DriverRequest) => DriverAnswer)[];

  constructor(...script: ((request: DriverRequest) => DriverAnswer)[]) {
    this.#script = script;
  }

  call(_driverType: string, request: DriverRequest): Promise<DriverAnswer> {
    this.requests.push(request);
    const next = this.#script.length > 1 ? this.#script.shift() : this.#script[0];
    if (!next) throw new Error('the script has no answer');
    return Promise.resolve(next(request));
  }

  get verbs(): string[] {
    return this.requests.map(({ verb }) => verb);
  }
}

export const twoSteps = defineWorkflow({
  name: 'test-workflow',
  recovery: 'undo',
  steps: [
    { name: 'ReadExports', verb: 'readExports', some: 'all-or-nothing', timeoutSeconds: 300 },
    { name: 'EnsureVolumes', verb: 'ensureVolumes', undo: 'ensureVolumesAbsent', some: 'all-or-nothing', timeoutSeconds: 300 },
  ],
});

const plan = z.object({ name: z.string() });

/** Marks the resource when it settles, so that a test sees which way it went. */
const settled = (state: 'ready' | 'error') => ({
  writes: [{ do: 'put' as const, table: 'Inventory' as const, row: { pk: resourceId, sk: 'RESOURCE', settled: state } }],
  tasks: [
    { resourceId, state, message: state, ...(state === 'error' ? { error: { code: 'operation.failed' as const, details: 'why' } } : {}) },
  ],
});

export const twoStepHandlers: WorkflowSteps<z.infer<typeof plan>> = {
  plan,
  steps: {
    ReadExports: { run: () => [{ providerId, verb: 'readExports', input: { items: [] } }], learn: (items) => items.map(({ ref }) => ref) },
    EnsureVolumes: {
      run: () => [{ providerId, verb: 'ensureVolumes', input: { items: [] } }],
      undo: () => [{ providerId, verb: 'ensureVolumesAbsent', input: { items: [] } }],
    },
  },
  look: () => [{ providerId, verb: 'readVolumes', input: { items: [] } }],
  resources: () => [],
  commit: () => settled('ready'),
  rollBack: () => settled('error'),
};

const anOperation = (change: Partial<Operation>): Operation => ({
  id: operationId,
  workflow: twoSteps.name,
  state: 'accepted',
  owner: operationId,
  repairs: 0,
  tenantId: 'tenant',
  requestedBy: 'root',
  correlationId: 'correlation',
  acceptedAt: at,
  taskIds: [taskId],
  ...change,
});

const aTask: Task = {
  id: taskId,
  operationId,
  resourceId,
  resourceName: 'v1',
  tenantId: 'tenant',
  name: 'CREATE VOLUME',
  state: 'pending',
  message: '',
  progress: 0,
  startedAt: at,
  associatedIds: [],
};

export interface ControlWorld extends ControlPorts {
  readonly rows: MemoryRows;
  readonly drivers: ScriptedDrivers;
  readonly counted: string[];
}

/** An accepted operation, its provider, and a driver that follows the script. */
export const controlWorld = async (
  drivers: ScriptedDrivers,
  stored: { operation?: Partial<Operation>; provider?: Partial<StorageProvider> } = {},
): Promise<ControlWorld> => {
  const rows = new MemoryRows();
  const operation = anOperation(stored.operation ?? {});
  await rows.transact([
    { do: 'put', table: 'Inventory', row: toRow(aProvider(stored.provider)) },
    ...operationWrites(operation, { name: 'v1' }, [aTask]),
  ]);
  let ids = 0;
  const next = (): string => String(++ids).padStart(26, '0');
  const counted: string[] = [];
  const silent = () => undefined;
  let now = Date.parse('2026-01-01T00:01:00.000Z');
  return {
    rows,
    drivers,
    counted,
    ids: { uuid: next, ulid: next, secret: next },
    clock: { now: () => now },
    log: { info: silent, warn: silent, error: silent },
    declarationOf: () => scaleio,
    deadline: () => now + 240_000,
    storeName: 'tables',
    count: (name) => counted.push(name),
    sleep: async (ms) => {
      now += ms;
    },
  };
};
