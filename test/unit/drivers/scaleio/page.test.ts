import { describe, expect, it } from 'vitest';
import { keep } from '../../../../drivers/scaleio/kept.ts';
import { pageOf } from '../../../../drivers/scaleio/page.ts';

describe('a page', () => {
  it('holds no more than asked for', () => {
    expect(pageOf([1, 2, 3], 2)).toEqual([1, 2]);
    expect(pageOf([], 2)).toEqual([]);
  });

  it('ends before four megabytes, and holds one item at least', () => {
    const large = 'x'.repeat(2_000_000);
    expect(pageOf([large, large, large], 10)).toHaveLength(1);
    expect(pageOf(['x'.repeat(5_000_000), 'x'], 10)).toHaveLength(1);
  });
});

describe('what is kept between pages', () => {
  it('is read once, until they are dropped or others came', async () => {
    const kept = keep<readonly string[]>();
    let reads = 0;
    const get = (walk: string) =>
      kept.get(walk, async () => {
        reads += 1;
        return [walk];
      });
    await get('a');
    expect(await get('a')).toEqual(['a']);
    expect(reads).toBe(1);
    kept.drop('a');
    for (const walk of ['a', 'b', 'c', 'd']) await get(walk);
    expect(reads).toBe(5);
    await get('a');
    expect(reads).toBe(6);
  });
});
