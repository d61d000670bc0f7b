import { defineWorkflow } from '../dsl/define.ts';

/** Arrays do not shrink: after a failure the size that the array reports is the size of the record. */
export const volumeExpand = defineWorkflow({
  name: 'volume-expand',
  recovery: 'forward',
  look: { verb: 'readVolumes', timeoutSeconds: 300 },
  steps: [{ name: 'ExpandVolumes', verb: 'expandVolumes', some: 'report', timeoutSeconds: 300 }],
});
