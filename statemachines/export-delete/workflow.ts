import { defineWorkflow } from '../dsl/define.ts';

export const exportDelete = defineWorkflow({
  name: 'export-delete',
  recovery: 'forward',
  look: { verb: 'readExports', timeoutSeconds: 300 },
  steps: [{ name: 'EnsureExportsAbsent', verb: 'ensureExportsAbsent', some: 'report', timeoutSeconds: 300 }],
});
