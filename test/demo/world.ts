import { difference } from '../support/usage.ts';
import type { DemoArray } from './array.ts';
import type { Answer, Client, FinishedTask } from './client.ts';
import { type TaskFigures, taskFigures } from './figures.ts';
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
  /** Changing calls that no plan announced, and why they were made. */
  readonly explained: ExplainedCalls[];
}

export interface PlannedCall {
  readonly verb: string;
  readonly items: number;
}

export interface ExplainedCalls {
  readonly because: string;
  /** As `nameOfCall` names them. */
  readonly calls: readonly string[];
}

export interface OrderRequest {
  readonly path: string;
  readonly body?: unknown;
  readonly method?: 'POST' | 'PUT';
}

/** Of an answer that has one task, or several. */
export const tasksIn = (answer: Answer): readonly unknown[] => (Array.isArray(answer.body['task']) ? answer.body['task'] : [answer.body]);

/** Sends a request that orders work, waits for its tasks and notes what they took. */
export const order = async (world: World, name: string, ask: () => Promise<Answer>): Promise<FinishedTask[]> => {
  const gatewayCalls = async (): Promise<number> =>
    (await Promise.all(world.arrays.map((array) => array.callCount()))).reduce((sum, count) => sum + count, 0);
  const [usedBefore, callsBefore] = [await world.host.usage(), await gatewayCalls()];
  const startedAt = performance.now();
  const answer = await ask();
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

const send = ({ api }: World, { method, path, body }: OrderRequest): Promise<Answer> =>
  method === 'PUT' ? api.put(path, body) : api.post(path, body);

/** Asks for the plan of a request, which orders nothing, and notes the array calls it announces. */
export const announce = async (world: World, name: string, request: OrderRequest): Promise<void> => {
  const dry = await send(world, { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}dry_run=true` });
  const plan = dry.body['plan'] as { calls?: PlannedCall[] } | undefined;
  if (!plan?.calls) throw new Error(`${name} has no plan: ${dry.status} ${JSON.stringify(dry.body)}`);
  world.planned.push(...plan.calls);
};

/** Asks for the plan first, notes the array calls it announces, then has it carried out. */
export const orderAsPlanned = async (world: World, name: string, request: OrderRequest): Promise<FinishedTask[]> => {
  await announce(world, name, request);
  return order(world, name, () => send(world, request));
};

export const gib = (text: unknown): string => `${Number(text).toLocaleString('en', { maximumFractionDigits: 0 })} GiB`;
