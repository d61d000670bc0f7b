import { describe, expect, it } from 'vitest';
import { keptBecause, type Remains, type Tombstone } from '../../../../core/volume/tombstone.ts';
import { observed } from '../../../support/block-volumes.ts';
import { gib, startedAt } from '../../../support/block-world.ts';

const tombstone: Tombstone = {
  nativeName: 'planned',
  volumeId: 'volume',
  operationId: 'operation',
  poolNativeId: 'sp-1',
  bytes: 8 * gib,
  provisioning: 'thin',
  notBefore: startedAt,
};

const left = observed('n1', { name: 'planned' });
const whole: Remains = { observed: left, tombstone, recordState: 'deleted', hasDescendants: false };
const mapping = { initiatorType: 'sdc', initiatorId: 's', access: 'read-write', limits: {} } as const;
const looks = (patch: Partial<typeof left>): Partial<Remains> => ({ observed: { ...left, ...patch } });
const knows = (patch: Partial<Tombstone>): Partial<Remains> => ({ tombstone: { ...tombstone, ...patch } });

describe('what bears our mark and has no record', () => {
  it('is removed by itself when all of it holds', () => {
    expect(keptBecause(whole)).toBeUndefined();
  });

  it.each([
    ['no failed creation left it', { tombstone: undefined }, 'no creation that failed'],
    ['there is no record of the volume', { recordState: undefined }, 'not there'],
    ['an operator released the volume', { recordState: 'released' }, 'released'],
    ['the volume is in use', { recordState: 'ready' }, 'ready'],
    ['it has another name', looks({ name: 'renamed' }), 'its name differs'],
    ['it lies in another pool', looks({ poolNativeId: 'sp-2' }), 'its pool differs'],
    ['it has another size', looks({ sizeBytes: 16 * gib }), 'its size differs'],
    ['it is of another type', looks({ provisioningType: 'thick' }), 'its provisioning type differs'],
    ['it is a snapshot', looks({ kind: 'snapshot' }), 'its kind differs'],
    ['it was there before the creation began', looks({ createdAt: '2026-03-01T11:00:00.000Z' }), 'its time of creation differs'],
    ['somebody else looks after it', looks({ managedElsewhere: 'replicated' }), 'its owner differs'],
    ['it is mapped', looks({ mappings: [mapping] }), 'it is mapped'],
    ['it was mapped before', knows({ wasMapped: true }), 'it was mapped'],
    ['something was taken from it', { hasDescendants: true }, 'something was taken from it'],
    ['the array has refused', knows({ refusal: 'locked' }), 'the array did not remove it: locked'],
  ] as const)('is kept when %s', (_why, patch: Partial<Remains>, says) => {
    expect(keptBecause({ ...whole, ...patch })).toContain(says);
  });
});
