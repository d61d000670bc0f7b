import type { DemoArray } from './array.ts';
import type { Answer, Client, FinishedTask } from './client.ts';
import { difference, type TaskFigures, taskFigures } from './figures.ts';
import type { DemoHost } from './host.ts';
import type { Screen } from './screen.ts';

/** What the chapters of the story share. */
export interface World {
  readonly screen: Screen;
  readonly host: DemoHost;
  readonly arrays: readonly DemoArray[];
  readonly api: Client;
  readonly figures: TaskFigures[];
  /** Array calls that the plans of all requests so far announced. */
  readonly planned: PlannedCall[];
}

export interface PlannedCall {
  readonly verb: string;
  readonly items: number;
}

const tasksIn = (answer: Answer): unknown[] => (Array.isArray(answer.body['task']) ? answer.body['task'] : [answer.body]);

/** Sends a request that orders work, waits for its tasks and notes what they took. */
export const order = async (world: World, name: string, send: () => Promise<Answer>): Promise<FinishedTask[]> => {
  const gatewayCalls = async (): Promise<number> =>
    (await Promise.all(world.arrays.map((array) => array.callCount()))).reduce((sum, count) => sum + count, 0);
  const [usedBefore, callsBefore] = [await world.host.usage(), await gatewayCalls()];
  const startedAt = performance.now();
  const answer = await send();
  if (answer.status !== 202) throw new Error(`${name} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  const tasks = await Promise.all(tasksIn(answer).map((task) => world.api.finished(task)));
  const milliseconds = performance.now() - startedAt;
  const used = difference(await world.host.usage(), usedBefore);
  world.figures.push(taskFigures(name, { milliseconds, gatewayCalls: (await gatewayCalls()) - callsBefore, used }));
  const failed = tasks.filter((task) => task.state !== 'ready');
  world.screen.seen(
    failed.length === 0,
    `${name}: ${failed.length === 0 ? 'ready' : failed.map((task) => task.service_error?.details ?? task.state).join('; ')}`,
  );
  return tasks;
};

/** Asks for the plan first, notes the array calls it announces, then has it carried out. */
export const orderAsPlanned = async (
  world: World,
  name: string,
  request: { path: string; body?: unknown; method?: 'POST' | 'PUT' },
): Promise<FinishedTask[]> => {
  const send = (path: string): Promise<Answer> =>
    request.method === 'PUT' ? world.api.put(path, request.body) : world.api.post(path, request.body);
  const dry = await send(`${request.path}${request.path.includes('?') ? '&' : '?'}dry_run=true`);
  const plan = dry.body['plan'] as { calls?: PlannedCall[] } | undefined;
  if (!plan?.calls) throw new Error(`${name} has no plan: ${dry.status} ${JSON.stringify(dry.body)}`);
  world.planned.push(...plan.calls);
  return order(world, name, () => send(request.path));
};

export const gib = (text: unknown): string => `${Number(text).toLocaleString('en', { maximumFractionDigits: 0 })} GiB`;
