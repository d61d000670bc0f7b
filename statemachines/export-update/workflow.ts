import { defineWorkflow } from '../dsl/define.ts';

/** Adds first, since that can be taken back; removals have no inverse and come last. */
export const exportUpdate = defineWorkflow({
  name: 'export-update',
  recovery: 'forward',
  look: { verb: 'readExports', timeoutSeconds: 300 },
  steps: [
    { name: 'ReadExports', verb: 'readExports', some: 'all-or-nothing', timeoutSeconds: 300 },
    { name: 'EnsureExports', verb: 'ensureExports', undo: 'ensureExportsAbsent', some: 'all-or-nothing', timeoutSeconds: 300 },
    { name: 'EnsureExportsAbsent', verb: 'ensureExportsAbsent', some: 'report', timeoutSeconds: 300 },
  ],
});
