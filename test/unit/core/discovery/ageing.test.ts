import { describe, expect, it } from 'vitest';
import { age } from '../../../../core/discovery/ageing.ts';
import { toRow } from '../../../../core/inventory/resource.ts';
import { anAuthor } from '../../../support/author.ts';
import { aHost, aProject, aSystem } from '../../../support/block-world.ts';

const nothing = new Set<string>();

describe('ageing', () => {
  it('marks what was visible and is missing, and when', () => {
    const { changes } = age([toRow(aSystem())], nothing, anAuthor());
    expect(changes).toMatchObject([[{ set: { visibility: 'not-visible', notVisibleSince: anAuthor().at } }, {}]]);
  });

  it('leaves alone what was found, what was removed and what is marked already', () => {
    const found = aHost(1);
    const known = [found, aHost(2, { inactive: true }), aHost(3, { visibility: 'not-visible' })].map(toRow);
    expect(age(known, new Set([found.id]), anAuthor())).toEqual({ changes: [] });
  });

  it('never touches what no array has, whatever its row says', () => {
    expect(age([{ ...toRow(aProject()), visibility: 'visible' }], nothing, anAuthor())).toEqual({ changes: [] });
  });
});
