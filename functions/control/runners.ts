import { discoverProviderSteps } from '../../statemachines/discover-provider/steps.ts';
import { discoverProvider } from '../../statemachines/discover-provider/workflow.ts';
import { discover } from './discover.ts';
import { load } from './load.ts';
import { type Runners, type StepRunner, stepRunner } from './run-step.ts';

const settleDiscovery = stepRunner({ workflow: discoverProvider, steps: discoverProviderSteps });

/** Reads and stores the inventory first; the rest is as for every workflow. */
const discoveryRunner: StepRunner = async (ports, input) => {
  if (input.phase === 'run') {
    const loaded = await load(ports, input);
    if (loaded.operation.state === 'accepted') await discover(ports, loaded);
  }
  return settleDiscovery(ports, input);
};

/** The handlers of every workflow, by name. */
export const runners: Runners = {
  'discover-provider': discoveryRunner,
};
