import type { HostClock } from '../../local/clock/clock.ts';
import type { Live, Reply } from './live.ts';

/** Waits for a task's end, and goes through the waits between attempts faster than time does; reads of it are held for about a second. */
export const finishedSoon = async (live: Live, clock: HostClock, { id }: { readonly id: string }): Promise<Reply['body']> => {
  for (let reads = 0; reads < 100; reads += 1) {
    const { body } = await live.get(`/vdc/tasks/${id}`);
    if (body.state === 'ready' || body.state === 'error') return body;
    await clock.advance(4000);
  }
  throw new Error(`the task ${id} did not end`);
};
