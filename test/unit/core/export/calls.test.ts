import { describe, expect, it } from 'vitest';
import { pairsOf } from '../../../../core/export/calls.ts';
import { readPairs } from '../../../../core/export/pair.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

describe('export plans and rows', () => {
  it('skips what a damaged plan points nowhere', () => {
    const plan = {
      groupId: 'g',
      tenantId: 't',
      volumes: [],
      initiators: [],
      pairs: [{ v: 0, i: 0, action: 'map' as const, groups: [], version: 0 }],
      after: { volumes: [], hostIds: [], initiatorIds: [] },
    };
    expect(pairsOf(plan, 'map')).toEqual([]);
  });

  it('reads every mapping of a volume, however many pages they are', async () => {
    const rows = new MemoryRows();
    const pair = {
      version: 1,
      tenantId: 't',
      hostId: 'h',
      initiatorType: 'sdc',
      port: 'p',
      groups: ['g'],
      origin: 'made',
      access: 'read-write',
    };
    rows.seed(
      'Inventory',
      Array.from({ length: 1001 }, (_, n) => ({ pk: 'v', sk: `EXPORT#i${n}`, ...pair })),
    );
    expect(await readPairs(rows, 'v')).toHaveLength(1001);
  });
});
