import { defineWorkflow } from '../dsl/define.ts';

export const volumeCreate = defineWorkflow({
  name: 'volume-create',
  recovery: 'undo',
  steps: [{ name: 'EnsureVolumes', verb: 'ensureVolumes', undo: 'ensureVolumesAbsent', some: 'all-or-nothing', timeoutSeconds: 300 }],
});
