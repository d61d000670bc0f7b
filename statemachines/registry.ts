import { discoverProvider } from './discover-provider/workflow.ts';
import type { Workflow } from './dsl/define.ts';
import { exportCreate } from './export-create/workflow.ts';
import { exportDelete } from './export-delete/workflow.ts';
import { exportUpdate } from './export-update/workflow.ts';
import { orphanDelete } from './orphan-delete/workflow.ts';
import { volumeCreate } from './volume-create/workflow.ts';
import { volumeDelete } from './volume-delete/workflow.ts';
import { volumeExpand } from './volume-expand/workflow.ts';

/** Every workflow of this build. Adding one is adding a line here and its steps in `functions/control`. */
export const workflows: readonly Workflow[] = [
  discoverProvider,
  volumeCreate,
  volumeExpand,
  volumeDelete,
  exportCreate,
  exportUpdate,
  exportDelete,
  orphanDelete,
];
