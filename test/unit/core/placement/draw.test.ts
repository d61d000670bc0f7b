import { describe, expect, it } from 'vitest';
import { draw } from '../../../../core/placement/draw.ts';

interface Choice {
  readonly name: string;
  readonly weight: number;
}

const as = (choice: Choice): Choice => choice;
const choices: readonly Choice[] = ['a', 'b', 'c', 'd'].map((name, n) => ({ name, weight: n + 1 }));
const seeds = Array.from({ length: 10_000 }, (_, n) => `project/volume-${n}/0`);

const sharesOf = (among: readonly Choice[]): number[] => {
  const drawn = seeds.map((seed) => draw(seed, among, as)?.name);
  return among.map(({ name }) => drawn.filter((one) => one === name).length / seeds.length);
};

describe('drawing a pool', () => {
  it('gives each its share by weight', () => {
    for (const [n, share] of sharesOf(choices).entries()) expect(Math.abs(share - (n + 1) / 10)).toBeLessThan(0.02);
  });

  it('does not depend on the order of the choices', () => {
    for (const seed of seeds.slice(0, 100)) expect(draw(seed, choices.toReversed(), as)).toBe(draw(seed, choices, as));
  });

  it('moves only what was drawn there when a choice goes away', () => {
    const fewer = choices.slice(1);
    const moved = seeds.filter((seed) => draw(seed, choices, as)?.name !== 'a' && draw(seed, choices, as) !== draw(seed, fewer, as));
    expect(moved).toEqual([]);
  });

  it('takes the only one, also without weight, and nothing from nothing', () => {
    expect(draw('seed', [{ name: 'only', weight: 0 }], as)?.name).toBe('only');
    expect(draw('seed', [], as)).toBeUndefined();
  });
});
