import type { WorkflowSteps } from '../../core/operation/steps.ts';
import { discoverProviderSteps } from '../../statemachines/discover-provider/steps.ts';
import { discoverProvider } from '../../statemachines/discover-provider/workflow.ts';
import type { Workflow } from '../../statemachines/dsl/define.ts';
import { exportCreateSteps } from '../../statemachines/export-create/steps.ts';
import { exportCreate } from '../../statemachines/export-create/workflow.ts';
import { exportDeleteSteps } from '../../statemachines/export-delete/steps.ts';
import { exportDelete } from '../../statemachines/export-delete/workflow.ts';
import { exportUpdateSteps } from '../../statemachines/export-update/steps.ts';
import { exportUpdate } from '../../statemachines/export-update/workflow.ts';
import { orphanDeleteSteps } from '../../statemachines/orphan-delete/steps.ts';
import { orphanDelete } from '../../statemachines/orphan-delete/workflow.ts';
import { volumeCreateSteps } from '../../statemachines/volume-create/steps.ts';
import { volumeCreate } from '../../statemachines/volume-create/workflow.ts';
import { volumeDeleteSteps } from '../../statemachines/volume-delete/steps.ts';
import { volumeDelete } from '../../statemachines/volume-delete/workflow.ts';
import { volumeExpandSteps } from '../../statemachines/volume-expand/steps.ts';
import { volumeExpand } from '../../statemachines/volume-expand/workflow.ts';
import { discover } from './discover.ts';
import { load } from './load.ts';
import { type Runners, type StepRunner, stepRunner } from './run-step.ts';

const settleDiscovery = stepRunner({ workflow: discoverProvider, steps: discoverProviderSteps });

/** Reads and stores the inventory first; the rest is as for every workflow. */
const discoveryRunner: StepRunner = async (ports, input) => {
  if (input.phase === 'run') {
    const loaded = await load(ports, input);
    if (loaded.operation.state === 'accepted' && !loaded.operation.cancelRequested) await discover(ports, loaded);
  }
  return settleDiscovery(ports, input);
};

const entry = <Plan>(workflow: Workflow, steps: WorkflowSteps<Plan>): readonly [string, StepRunner] => [
  workflow.name,
  stepRunner({ workflow, steps }),
];

/** The handlers of every workflow, by name. */
export const runners: Runners = Object.fromEntries([
  [discoverProvider.name, discoveryRunner],
  entry(volumeCreate, volumeCreateSteps),
  entry(volumeExpand, volumeExpandSteps),
  entry(volumeDelete, volumeDeleteSteps),
  entry(exportCreate, exportCreateSteps),
  entry(exportUpdate, exportUpdateSteps),
  entry(exportDelete, exportDeleteSteps),
  entry(orphanDelete, orphanDeleteSteps),
]);
