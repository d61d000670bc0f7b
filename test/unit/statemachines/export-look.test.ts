import { beforeEach, describe, expect, it } from 'vitest';
import { createExport } from '../../../core/export/create.ts';
import type { ExportPlan } from '../../../core/export/plan.ts';
import { deleteExport, updateExport } from '../../../core/export/update.ts';
import type { WorkflowSteps } from '../../../core/operation/steps.ts';
import { exportCreateSteps } from '../../../statemachines/export-create/steps.ts';
import { exportDeleteSteps } from '../../../statemachines/export-delete/steps.ts';
import { exportUpdateSteps } from '../../../statemachines/export-update/steps.ts';
import { exportOrder, madeExport, noChange } from '../../support/block-exports.ts';
import { madeVolumes } from '../../support/block-volumes.ts';
import { asked, aWorld, startedOperation, type World } from '../../support/block-world.ts';

let world: World;
let id: string;
let other: string;
beforeEach(async () => {
  world = aWorld();
  [id = '', other = ''] = await madeVolumes(world, { count: 2 });
});

/** The volumes whose mappings are read before an operator's decision is carried out. */
const lookedAt = (steps: WorkflowSteps<ExportPlan>): string[] =>
  (steps.resolve?.look(startedOperation(world, steps).plan) ?? []).flatMap((call) =>
    call.verb === 'readExports'
      ? call.input.items.map(({ volume }) => ('nativeId' in volume ? volume.nativeId : volume.kind))
      : [call.verb],
  );

const nativeIdOf = (volumeId: string) => world.row(volumeId)?.['nativeId'];

describe('an export that needs repair is looked at', () => {
  it('where a creation meant to map', async () => {
    await createExport(world.ports, asked(), exportOrder({ volumes: [{ id }] }));
    expect(lookedAt(exportCreateSteps)).toEqual([nativeIdOf(id)]);
  });

  it('where a deletion meant to unmap', async () => {
    const groupId = await madeExport(world, { volumes: [{ id }] });
    await deleteExport(world.ports, asked(), groupId);
    expect(lookedAt(exportDeleteSteps)).toEqual([nativeIdOf(id)]);
  });

  it('where a change meant to map and to unmap', async () => {
    const groupId = await madeExport(world, { volumes: [{ id }] });
    await updateExport(world.ports, asked(), { ...noChange, groupId, volumes: { add: [{ id: other }], remove: [id] } });
    expect(lookedAt(exportUpdateSteps).sort()).toEqual([nativeIdOf(id), nativeIdOf(other)].sort());
  });
});
