import { defineWorkflow } from '../dsl/define.ts';

/** Reads an array's inventory page by page and stores what changed; called again (`DriverUnfinished`) until the last page is stored. */
export const discoverProvider = defineWorkflow({
  name: 'discover-provider',
  recovery: 'forward',
  steps: [{ name: 'DiscoverProvider', some: 'all-or-nothing', timeoutSeconds: 300 }],
});
