import { defineWorkflow } from '../dsl/define.ts';

/** Removes from an array what creations that were taken back have left there; ordered by discovery. */
export const orphanDelete = defineWorkflow({
  name: 'orphan-delete',
  recovery: 'forward',
  look: { verb: 'readVolumes', timeoutSeconds: 300 },
  steps: [{ name: 'EnsureOrphansAbsent', verb: 'ensureVolumesAbsent', some: 'report', timeoutSeconds: 300 }],
});
