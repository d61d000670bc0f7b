import type { Reply } from '../../support/live.ts';
import type { Ground } from './ground.ts';

export type Tasks = readonly Reply['body'][];

/** Through what an order is given: a host in this process or in one that will be killed. */
export type Ordering = Pick<Ground, 'ask' | 'stored' | 'soon' | 'advance' | 'tick'>;

/** What a row of the table orders, and how it is taken away again. */
export interface Order {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  /** Of what is not ordered by a request of its own; its tasks. */
  place?(host: Ordering): Promise<Tasks>;
  /** When it ended in an error with nothing left. */
  expectUndone(ground: Ground, tasks: Tasks): Promise<void>;
  /** When it ended in an error that is not tried again. */
  expectKept?(ground: Ground, tasks: Tasks): Promise<void>;
  /** When it was carried out. */
  expectDone(ground: Ground, tasks: Tasks): Promise<void>;
  /** Puts everything back as it was before the order was prepared, whether it was carried out or not. */
  cleanUp(ground: Ground, tasks: Tasks): Promise<void>;
  /** The array once all is cleaned up. */
  readonly atEnd: string;
}

const unended = ['pending', 'queued'];

/** A task that is ready is told so right after its operation has committed. */
export const idle = async (ground: Ground): Promise<true> => {
  await ground.until('no operation is open', async () => (await ground.stored.open()).length === 0);
  return ground.until('every task has ended', async () => {
    const rows = await ground.stored.all('Tasks');
    return rows.every((row) => row.sk !== 'TASK' || !unended.includes(String(row['state'])));
  });
};

export const tasksNow = async (ground: Ground, tasks: Tasks): Promise<Tasks> => {
  const found: Reply['body'][] = [];
  for (const { id } of tasks) found.push(await ground.ask('GET', `/vdc/tasks/${id}`));
  return found;
};

/** Carries out without faults; the resources of its tasks. */
export const carryOut = async (ground: Ground, path: string, body?: unknown): Promise<string[]> => {
  const answer = await ground.ask('POST', path, body);
  await idle(ground);
  const tasks = await tasksNow(ground, answer.task ?? [answer]);
  for (const task of tasks) if (task.state !== 'ready') throw new Error(`${path}: ${JSON.stringify(task)}`);
  return tasks.map((task) => task.resource.id);
};

export const send = async (host: Ordering, { method, path, body, place }: Order): Promise<Tasks> => {
  if (place) return place(host);
  const answer = await host.ask(method, path, body);
  return answer.task ?? [answer];
};
