import { describe, expect, it } from 'vitest';
import { eachAtOnce } from '../../../core/each-at-once.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('work on many items', () => {
  it('is begun in their order, sixteen at a time, and answered in their order', async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const items = Array.from({ length: 50 }, (_, n) => n);
    const answers = await eachAtOnce(items, async (n) => {
      begun.push(n);
      running += 1;
      most = Math.max(most, running);
      for (let turns = n % 3; turns >= 0; turns -= 1) await turn();
      running -= 1;
      return n * 2;
    });
    expect(begun).toEqual(items);
    expect(most).toBe(16);
    expect(answers).toEqual(items.map((n) => n * 2));
    expect(await eachAtOnce([], async () => 1)).toEqual([]);
  });

  it('ends with the first failure, and begins nothing after it', async () => {
    const begun: number[] = [];
    const items = Array.from({ length: 50 }, (_, n) => n);
    const working = eachAtOnce(items, async (n) => {
      begun.push(n);
      if (n === 3) throw new Error('three');
      await turn();
    });
    await expect(working).rejects.toThrow('three');
    await turn();
    expect(begun).toHaveLength(16);
  });
});
