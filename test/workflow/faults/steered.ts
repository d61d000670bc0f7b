import type { Execution } from '../../../local/stepfunctions/execution.ts';
import type { Bench } from './bench.ts';
import type { Ground } from './ground.ts';

/** A host under test as far as a fault needs it, in this process or in one that will be killed. */
export interface Steered extends Pick<Ground, 'array' | 'stored' | 'advance' | 'tick' | 'soon'> {
  executions(): Promise<readonly Execution[]>;
}

export const steeredOf = ({ array, stored, live, advance, tick, soon }: Bench): Steered => ({
  array,
  stored,
  executions: async () => live.host.executions.list(),
  advance,
  tick,
  soon,
});

/** The running execution of an operation, repairing or not. */
export const runningOf = async (at: Steered, operationId: string): Promise<Execution | undefined> =>
  (await at.executions()).findLast(({ name, status }) => name.startsWith(operationId) && status === 'RUNNING');

export const arrived = (at: Steered): Promise<true> =>
  at.soon('the call arrived at the array', async () => ((await at.array.met()) > 0 ? true : undefined));

export const entered = (at: Steered, operationId: string, state: string): Promise<true> =>
  at.soon(`the state ${state} is entered`, async () => ((await runningOf(at, operationId))?.position?.state === state ? true : undefined));
