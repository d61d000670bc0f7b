import { describe, expect, it } from 'vitest';
import type { StoragePool, VirtualPool } from '../../../../core/inventory/schemas.ts';
import { matchingPools, matchPools, mismatchesOf } from '../../../../core/vpool/match.ts';
import { aPool, aVpool, varrayId } from '../../../support/block-world.ts';

describe('matchPools', () => {
  it('takes a pool that has what the virtual pool wants, blind to the case of names', () => {
    const vpool = aVpool({ protocols: ['scaleio'], systemType: 'scaleio', driveType: 'ssd' });
    expect(matchPools(vpool, [aPool()])).toEqual([{ pool: aPool(), reasons: [] }]);
    expect(matchingPools(vpool, [aPool(), aPool({ n: 2, inactive: true })])).toEqual([aPool()]);
  });

  const refusals: { vpool?: Partial<VirtualPool>; pool?: Partial<StoragePool>; reason: string }[] = [
    { vpool: { systemType: 'ceph' }, reason: 'its system_type is scaleio, the virtual pool wants ceph' },
    { vpool: { protocols: ['ScaleIO', 'FC'] }, reason: 'it offers the protocols ScaleIO, the virtual pool wants FC' },
    {
      vpool: { provisioningType: 'thick' },
      pool: { provisioningTypes: ['thin'] },
      reason: 'it makes thin volumes, the virtual pool wants thick',
    },
    { vpool: { driveType: 'SSD' }, pool: { driveTypes: [] }, reason: 'its drive types are none, the virtual pool wants SSD' },
    { vpool: { useMatchedPools: false }, reason: 'it is not one of those assigned to the virtual pool' },
    { vpool: { varrayIds: [] }, reason: "it is assigned to none of the virtual pool's virtual arrays" },
    { pool: { registration: 'unregistered' }, reason: 'it is not registered' },
    { pool: { inactive: true }, reason: 'it was removed' },
    { pool: { visibility: 'not-visible', notVisibleSince: '2026-02-01' }, reason: 'discovery has not found it since 2026-02-01' },
    { pool: { visibility: 'not-visible' }, reason: 'discovery has not found it since its last run' },
    {
      pool: { unwrittenReadsZero: 'unknown' },
      reason: 'new volumes on it may show what old ones held, and the virtual pool does not allow that (allow_unzeroed_pools)',
    },
  ];

  it.each(refusals)('refuses a pool and says: $reason', ({ vpool = {}, pool = {}, reason }) => {
    expect(matchPools(aVpool(vpool), [aPool(pool)])[0]?.reasons).toEqual([reason]);
  });

  it('takes an assigned pool, and one that may show old data where that is allowed', () => {
    const vpool = aVpool({ useMatchedPools: false, assignedPoolIds: [aPool().id], allowsUnzeroedPools: true, varrayIds: [varrayId] });
    expect(matchingPools(vpool, [aPool({ unwrittenReadsZero: 'no' })])).toHaveLength(1);
  });

  it('tells mismatches apart from states that pass', () => {
    expect(mismatchesOf(aVpool({ driveType: 'SATA' }), aPool({ registration: 'unregistered' }))).toEqual([
      'its drive types are SSD, the virtual pool wants SATA',
    ]);
  });
});
