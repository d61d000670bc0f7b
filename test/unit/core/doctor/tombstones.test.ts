import { describe, expect, it } from 'vitest';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { alter, findingsOf, healthy, volumeIdOf } from './healthy.ts';

describe('tombstones', () => {
  const tombstone = (volumeId: string) => ({ pk: 'TOMBSTONE#array-1', sk: `name of ${volumeId}`, volumeId });

  it('of volumes on record are dropped; of others they are kept', async () => {
    const patient = healthy();
    const found = () => findingsOf(patient).filter(({ check }) => check === 'tombstones');
    patient.rows.seed('Coordination', [tombstone(volumeIdOf(1)), tombstone(volumeIdOf(9))]);
    const [finding, ...others] = found();
    expect(others).toEqual([]);
    await patient.rows.transact(finding?.repair?.writes ?? []);
    expect(found()).toEqual([]);
    alter(patient.rows, 'Inventory', { inactive: true, ...resourceKey(volumeIdOf(1)) });
    patient.rows.seed('Coordination', [tombstone(volumeIdOf(1))]);
    expect(found()).toEqual([]);
  });
});
