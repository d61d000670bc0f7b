import { createExport, type ExportOrder } from '../../core/export/create.ts';
import type { ExportPlan } from '../../core/export/plan.ts';
import type { ExportUpdate } from '../../core/export/update.ts';
import { newResource } from '../../core/inventory/resource.ts';
import type { ExportGroup } from '../../core/inventory/schemas.ts';
import type { StepAnswers, WorkflowSteps } from '../../core/operation/steps.ts';
import type { VolumeMapping } from '../../drivers/sdk/model.ts';
import { exportCreateSteps } from '../../statemachines/export-create/steps.ts';
import {
  asked,
  endStarted,
  hostIdOf,
  initiatorIdOf,
  projectId,
  startedAt,
  startedOperation,
  tenantId,
  varrayId,
  type World,
} from './block-world.ts';

export const exportOrder = (patch: Partial<ExportOrder> = {}): ExportOrder => ({
  name: 'web',
  project: projectId,
  varray: varrayId,
  type: 'Host',
  volumes: [],
  hosts: [hostIdOf(1)],
  initiators: [],
  clusters: [],
  ...patch,
});

/** A group that maps nothing to the first host. */
export const anExportGroup = (id: string, patch: Partial<ExportGroup> = {}): ExportGroup => ({
  ...newResource(id, 'web', startedAt),
  tenantId,
  projectId,
  varrayId,
  exportType: 'Host',
  state: 'ready',
  hostIds: [hostIdOf(1)],
  initiatorIds: [initiatorIdOf(1)],
  volumes: [],
  ...patch,
});

export const noChange: Omit<ExportUpdate, 'groupId'> = {
  volumes: { add: [], remove: [] },
  hosts: { add: [], remove: [] },
  initiators: { add: [], remove: [] },
  clusters: { add: [], remove: [] },
};

export const mappedTo = (...ports: string[]): VolumeMapping[] =>
  ports.map((initiatorId) => ({ initiatorType: 'sdc', initiatorId, access: 'read-write', limits: {} }));

/** Answers to a step as an array gives them that has these mappings, by volume in the plan. */
export const readAnswers = (mapped: Readonly<Record<number, string[]>>): StepAnswers =>
  Object.entries(mapped).map(([ref, ports]) => ({ ref, status: 'done', observed: { mappings: mappedTo(...ports) } }));

export const madeAnswers = (plan: ExportPlan): StepAnswers =>
  plan.pairs
    .filter(({ action }) => action === 'map')
    .map(({ v, i }) => ({
      ref: `${v} ${i}`,
      status: 'done',
      outcome: 'made',
      observed: { lun: v + 1, connection: { kind: 'sdc', devicePath: `/dev/disk/${v}`, attributes: {} } },
    }));

export const removedAnswers = (plan: ExportPlan): StepAnswers =>
  plan.pairs.filter(({ action }) => action === 'unmap').map(({ v, i }) => ({ ref: `${v} ${i}`, status: 'done', outcome: 'made' }));

/** Runs the workflow that was started last to its good end, on an array that has these mappings before. */
export const carryOut = async (
  world: World,
  steps: WorkflowSteps<ExportPlan>,
  before: Readonly<Record<number, string[]>> = {},
): Promise<ExportPlan> => {
  const { plan } = startedOperation(world, steps);
  const made = madeAnswers(plan);
  const learned = {
    ReadExports: steps.steps['ReadExports']?.learn?.(readAnswers(before), plan),
    EnsureExports: steps.steps['EnsureExports']?.learn?.(made, plan),
  };
  await endStarted(world, steps, { how: 'commit', learned, answers: [...made, ...removedAnswers(plan)] });
  return plan;
};

/** A group as it is when its workflow has ended; its id. */
export const madeExport = async (
  world: World,
  order: Partial<ExportOrder>,
  before: Readonly<Record<number, string[]>> = {},
): Promise<string> => {
  await createExport(world.ports, asked(), exportOrder(order));
  return (await carryOut(world, exportCreateSteps, before)).groupId;
};

/** The rows of a volume's mappings. */
export const pairRows = (world: World, volumeId: string) =>
  world.rows.all('Inventory').filter((row) => row.pk === volumeId && row.sk.startsWith('EXPORT#'));
