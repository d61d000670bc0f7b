import { defineWorkflow } from '../dsl/define.ts';

export const volumeDelete = defineWorkflow({
  name: 'volume-delete',
  recovery: 'forward',
  look: { verb: 'readVolumes', timeoutSeconds: 300 },
  steps: [{ name: 'EnsureVolumesAbsent', verb: 'ensureVolumesAbsent', some: 'report', timeoutSeconds: 300 }],
});
