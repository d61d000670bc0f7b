import { beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../../core/doctor/finding.ts';
import { listingRows } from '../../../../core/inventory/listings.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { taskIdOf } from '../../../../core/urn.ts';
import { aPool, gib, poolIdOf } from '../../../support/block-world.ts';
import { alter, findingsOf, healthy, openId, type Patient, volumeIdOf } from './healthy.ts';

let patient: Patient;
beforeEach(() => {
  patient = healthy();
});

const found = () => findingsOf(patient).filter(({ check }) => check === 'capacity');
const change = (id: string, patch: Record<string, string | number | boolean | undefined>) =>
  alter(patient.rows, 'Inventory', { ...patch, ...resourceKey(id) });

/** Repairs; then nothing of the kind is left. */
const isRepaired = async ({ repair }: Finding): Promise<void> => {
  await patient.rows.transact(repair?.writes ?? []);
  expect(found()).toEqual([]);
};
const only = (findings: readonly Finding[]): Finding => {
  expect(findings).toHaveLength(1);
  const [finding] = findings;
  if (!finding) throw new Error('none');
  return finding;
};

describe('the books', () => {
  it('are set to the sum of the volumes, by kind of provisioning', async () => {
    change(poolIdOf(1), { managedBytes: 17 * gib, managedThickBytes: gib });
    const finding = only(found());
    expect(finding.says).toContain('17.00 GiB (1.00 thick) in 2 volumes, its 2 volumes sum up to 16.00 GiB (0.00 thick) in 2');
    await isRepaired(finding);
    expect(patient.rows.all('History')).toHaveLength(1);
  });

  it('count the volumes too, of a pool that is counted', async () => {
    change(poolIdOf(1), { managedCount: 3 });
    const finding = only(found());
    expect(finding.says).toContain('in 3 volumes, its 2 volumes');
    await isRepaired(finding);
  });

  it('do not count the volumes of a pool that an earlier release has stored, until that is done', async () => {
    change(poolIdOf(1), { isCounted: undefined, managedCount: -1 });
    expect(found()).toEqual([]);
    change(poolIdOf(1), { managedBytes: 17 * gib });
    await isRepaired(only(found()));
  });

  it('count thick volumes twice over: in all, and as thick', () => {
    change(volumeIdOf(2), { provisioningType: 'thick' });
    expect(only(found()).says).toContain('16.00 GiB (8.00 thick)');
  });

  it('are not judged while something is under way there', () => {
    change(poolIdOf(1), { managedBytes: 17 * gib });
    change(volumeIdOf(1), { activeTaskId: taskIdOf(openId, volumeIdOf(1)) });
    expect(found()).toEqual([]);
  });

  it('of an empty pool are nothing', async () => {
    const pool = aPool({ n: 2, managedBytes: gib });
    patient.rows.seed('Inventory', [{ ...pool, pk: pool.id, sk: 'RESOURCE' }, ...listingRows(pool)]);
    await isRepaired(only(found()));
  });
});
