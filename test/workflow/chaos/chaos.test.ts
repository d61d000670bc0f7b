import { describe, expect, it } from 'vitest';
import { playHistory } from './history.ts';

/** Another seed, or more: `npm run chaos -- --seed N --minutes M`. */
const seeds = [5, 6, 7];

describe('a random history of concurrent orders and faults', () => {
  it.each(seeds)('of seed %i ends with store, arrays and model in agreement, and foreign objects untouched', async (seed) => {
    const { complaints, orders, volumes } = await playHistory(seed, 150);
    expect(complaints).toEqual([]);
    expect(orders).toBeGreaterThan(60);
    expect(volumes).toBeGreaterThan(10);
  });
});
