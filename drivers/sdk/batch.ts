import { asDriverError, failedItem } from './failure.ts';
import type { BatchAnswer, ItemAnswer } from './verbs.ts';

export interface BatchLimits {
  /** Items worked on at once. */
  atOnce: number;
  /** Epoch milliseconds from which no item is started any more. */
  startUntil: number;
  now: () => number;
}

const notStarted = (ref: string): ItemAnswer<never> => ({ ref, status: 'inProgress' });

/**
 * Works through a batch and answers for every item, in the order asked. An item that throws fails alone; items that are not started in
 * time are `inProgress`.
 */
export const runBatch = async <Item extends { ref: string }, Observed>(
  items: readonly Item[],
  limits: BatchLimits,
  work: (item: Item) => Promise<Omit<ItemAnswer<Observed>, 'ref' | 'status' | 'error'>>,
): Promise<BatchAnswer<Observed>> => {
  const queue = items.entries();
  const answers = new Array<ItemAnswer<Observed>>(items.length);
  const runOne = async (item: Item): Promise<ItemAnswer<Observed>> => {
    if (limits.now() >= limits.startUntil) return notStarted(item.ref);
    try {
      return { ...(await work(item)), ref: item.ref, status: 'done' };
    } catch (error) {
      return failedItem(item.ref, asDriverError(error));
    }
  };
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) answers[index] = await runOne(item);
  };
  await Promise.all(Array.from({ length: Math.min(limits.atOnce, items.length) }, worker));
  return { items: answers };
};
