import { defineWorkflow } from '../dsl/define.ts';

/** What is mapped already is read and kept first: it was not made here, so no undo and no later unexport takes it away. */
export const exportCreate = defineWorkflow({
  name: 'export-create',
  recovery: 'undo',
  steps: [
    { name: 'ReadExports', verb: 'readExports', some: 'all-or-nothing', timeoutSeconds: 300 },
    { name: 'EnsureExports', verb: 'ensureExports', undo: 'ensureExportsAbsent', some: 'all-or-nothing', timeoutSeconds: 300 },
  ],
});
