import { describe, expect, it } from 'vitest';
import { age, ageingRefusal, missingOf } from '../../../../core/discovery/ageing.ts';
import { toRow } from '../../../../core/inventory/resource.ts';
import { anAuthor } from '../../../support/author.ts';
import { aHost, aProject, aSystem } from '../../../support/block-world.ts';

const nothing = new Set<string>();

describe('ageing', () => {
  it('marks what was visible and is missing, and when', () => {
    const changes = age(missingOf([toRow(aSystem())], nothing), anAuthor());
    expect(changes).toMatchObject([[{ set: { visibility: 'not-visible', notVisibleSince: anAuthor().at } }, {}]]);
  });

  it('leaves alone what was found, what was removed and what is marked already', () => {
    const found = aHost(1);
    const known = [found, aHost(2, { inactive: true }), aHost(3, { visibility: 'not-visible' })].map(toRow);
    expect(missingOf(known, new Set([found.id]))).toEqual([]);
  });

  it('never touches what no array has, whatever its row says', () => {
    expect(age([{ ...toRow(aProject()), visibility: 'visible' }], anAuthor())).toEqual([]);
  });

  it.each([
    { missing: 10, known: 12, stops: false, what: 'ten of few' },
    { missing: 11, known: 12, stops: true, what: 'more than ten of few' },
    { missing: 500, known: 10_000, stops: false, what: 'a twentieth of many' },
    { missing: 501, known: 10_000, stops: true, what: 'more than a twentieth of many' },
  ])('of $what: stops is $stops', ({ missing, known, stops }) => {
    expect(ageingRefusal({ missing, known }) !== undefined).toBe(stops);
  });

  it('goes as far as an administrator has accepted, and no further', () => {
    expect(ageingRefusal({ missing: 40, known: 50 }, 40)).toBeUndefined();
    expect(ageingRefusal({ missing: 41, known: 50 }, 40)).toContain('more than 40 are not aged');
  });
});
