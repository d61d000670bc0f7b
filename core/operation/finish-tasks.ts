import type { Clock, Rows } from '../ports.ts';
import { taskEndWrite } from './progress.ts';
import type { Operation } from './schema.ts';
import type { TaskEnd } from './steps.ts';
import { taskKey, taskOf } from './store.ts';

interface Store {
  readonly rows: Rows;
  readonly clock: Clock;
}

/** Tells that tasks are ready, after the operation has committed: each by itself, which costs half of what it costs in a transaction. */
export const endReadyTasks = async ({ rows, clock }: Store, operation: Operation, tasks: readonly TaskEnd[]): Promise<void> => {
  const at = new Date(clock.now()).toISOString();
  await Promise.all(tasks.map((task) => rows.transact([taskEndWrite(operation, task, at)])));
};

/** Of an operation that has committed: makes up for what was cut short between that and the end of its tasks. */
export const finishTasks = async (store: Store, operation: Operation): Promise<void> => {
  const found = await store.rows.getMany('Tasks', operation.taskIds.map(taskKey));
  const left = found.flatMap((row) => (row ? [taskOf(row)] : [])).filter(({ state }) => state === 'pending' || state === 'queued');
  const ends = left.map(({ resourceId, name }): TaskEnd => ({ resourceId, state: 'ready', message: `${name} is done` }));
  await endReadyTasks(store, operation, ends);
};
