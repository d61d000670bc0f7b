import type { Reply } from '../../support/live.ts';
import type { Bench } from './bench.ts';
import type { Steered } from './steered.ts';

export type Tasks = readonly Reply['body'][];

/** Through what an order is given: a host in this process or in one that will be killed. */
export type Ordering = Pick<Bench, 'ask'> & Pick<Steered, 'stored' | 'soon' | 'advance' | 'tick'>;

/** What a row of the table orders, and how it is taken away again. */
export interface Order {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  /** Of what is not ordered by a request of its own; its tasks. */
  place?(host: Ordering): Promise<Tasks>;
  /** When it ended in an error with nothing left. */
  expectUndone(bench: Bench, tasks: Tasks): Promise<void>;
  /** When it ended in an error that is not tried again. */
  expectKept?(bench: Bench, tasks: Tasks): Promise<void>;
  /** When it was carried out. */
  expectDone(bench: Bench, tasks: Tasks): Promise<void>;
  /** Puts everything back as it was before the order was prepared, whether it was carried out or not. */
  cleanUp(bench: Bench, tasks: Tasks): Promise<void>;
  /** The array once all is cleaned up. */
  readonly atEnd: string;
}

const unended = ['pending', 'queued'];

/** A task that is ready is told so right after its operation has committed. */
export const idle = async (bench: Bench): Promise<true> => {
  await bench.until('no operation is open', async () => (await bench.stored.open()).length === 0);
  return bench.until('every task has ended', async () => {
    const rows = await bench.stored.all('Tasks');
    return rows.every((row) => row.sk !== 'TASK' || !unended.includes(String(row['state'])));
  });
};

export const tasksNow = async (bench: Bench, tasks: Tasks): Promise<Tasks> => {
  const found: Reply['body'][] = [];
  for (const { id } of tasks) found.push(await bench.ask('GET', `/vdc/tasks/${id}`));
  return found;
};

/** Carries out without faults; the resources of its tasks. */
export const carryOut = async (bench: Bench, path: string, body?: unknown): Promise<string[]> => {
  const answer = await bench.ask('POST', path, body);
  await idle(bench);
  const tasks = await tasksNow(bench, answer.task ?? [answer]);
  for (const task of tasks) if (task.state !== 'ready') throw new Error(`${path}: ${JSON.stringify(task)}`);
  return tasks.map((task) => task.resource.id);
};

export const send = async (host: Ordering, { method, path, body, place }: Order): Promise<Tasks> => {
  if (place) return place(host);
  const answer = await host.ask(method, path, body);
  return answer.task ?? [answer];
};
