import { type BatchLimits, runBatch } from '../sdk/batch.ts';
import { asDriverError, failedItem } from '../sdk/failure.ts';
import type { BatchAnswer, ItemAnswer } from '../sdk/verbs.ts';
import { type Gateway, openGateway } from './gateway.ts';
import type { Context } from './send.ts';

const itemsAtOnce = 4;

/** One request being served: the session, and until when new work may begin. */
export interface Run {
  gateway: Gateway;
  limits: BatchLimits;
}

/** An item that is started should be able to end: two requests' time is kept, but never more than half of what there is. */
const startUntil = ({ deadline, now, options }: Context): number => {
  const leftMs = Math.max(0, deadline - now());
  return deadline - Math.min(2 * options.requestTimeoutSeconds * 1000, leftMs / 2);
};

export const openRun = async (context: Context): Promise<Run> => ({
  gateway: await openGateway(context),
  limits: { atOnce: itemsAtOnce, startUntil: startUntil(context), now: context.now },
});

export type Done<Observed> = Omit<ItemAnswer<Observed>, 'ref' | 'status' | 'error'>;

export const eachItem = <Item extends { ref: string }, Observed>(
  { limits }: Run,
  items: readonly Item[],
  work: (item: Item) => Promise<Done<Observed>>,
): Promise<BatchAnswer<Observed>> => runBatch(items, limits, work);

/** One item after the other, where the next one's checks must see what became of the last. */
export const oneByOne = <Item extends { ref: string }, Observed>(
  { limits }: Run,
  items: readonly Item[],
  work: (item: Item) => Promise<Done<Observed>>,
): Promise<BatchAnswer<Observed>> => runBatch(items, { ...limits, atOnce: 1 }, work);

/** All items in one effect: what fails, fails for each of them. */
export const allTogether = async <Item extends { ref: string }, Observed>(
  { limits }: Run,
  items: readonly Item[],
  work: () => Promise<readonly Done<Observed>[]>,
): Promise<BatchAnswer<Observed>> => {
  if (limits.now() >= limits.startUntil) return { items: items.map(({ ref }) => ({ ref, status: 'inProgress' })) };
  try {
    const done = await work();
    return { items: items.map(({ ref }, index) => ({ ...done[index], ref, status: 'done' })) };
  } catch (error) {
    return { items: items.map(({ ref }) => failedItem(ref, asDriverError(error))) };
  }
};
