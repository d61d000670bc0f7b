import { beforeEach, describe, expect, it } from 'vitest';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { countQuota } from '../../../../core/quota/count.ts';
import { countingPk, type Quota, quotaKey, quotaRow } from '../../../../core/quota/quota.ts';
import { gib, projectId, startedAt, tenantId } from '../../../support/block-world.ts';
import { quotaIn } from '../../../support/quotas.ts';
import { alter, aVolume, drop, findingsOf, healthy, openId, type Patient } from './healthy.ts';

const aQuota: Quota = { id: projectId, state: 'counted', limitGb: 100, usedBytes: 16 * gib, moves: 2, version: 1 };

let patient: Patient;
beforeEach(() => {
  patient = healthy();
  patient.rows.seed('Inventory', [quotaRow(aQuota)]);
  for (const n of [1, 2]) alter(patient.rows, 'Inventory', { ...resourceKey(aVolume(n).id), countedInProject: true });
});

const found = () => findingsOf(patient).filter(({ check }) => check === 'quotas');
const set = (patch: Partial<Quota>) => alter(patient.rows, 'Inventory', { ...quotaKey(projectId), ...patch });
const repair = async () => patient.rows.transact(found()[0]?.repair?.writes ?? []);

describe('the doctor of quotas', () => {
  it('finds nothing where each counter is the sum of its volumes', () => {
    expect(found()).toEqual([]);
  });

  it('finds a counter that is not, and sets it to the sum', async () => {
    set({ usedBytes: 20 * gib });
    const says = "its quota's counter says 20.00 GiB, its 2 volumes sum up to 16.00 GiB";
    expect(found()).toMatchObject([{ subject: projectId, says, repair: { does: 'sets the counter to the sum' } }]);
    await repair();
    expect(found()).toEqual([]);
    expect(quotaIn(patient, projectId)).toMatchObject({ state: 'counted', usedBytes: 16 * gib });
    const events = patient.rows.all('History').filter(({ pk }) => pk === projectId);
    expect(events).toMatchObject([{ actor: 'doctor', before: { quotaUsedBytes: 20 * gib }, after: { quotaUsedBytes: 16 * gib } }]);
  });

  it('finds volumes that it does not count, and has them counted', async () => {
    alter(patient.rows, 'Inventory', { ...resourceKey(aVolume(2).id), countedInProject: undefined });
    expect(found()).toMatchObject([
      { says: expect.stringContaining('1 of them are not counted'), repair: { does: expect.stringContaining('counted') } },
    ]);
    await repair();
    expect(patient.rows.all('Inventory').filter(({ pk }) => pk === countingPk)).toHaveLength(1);
    await countQuota({ rows: patient.rows, clock: { now: () => Date.parse(startedAt) } }, projectId, Date.parse(startedAt) + 1);
    expect(quotaIn(patient, projectId)).toMatchObject({ state: 'counted', usedBytes: 16 * gib });
    expect(found()).toEqual([]);
  });

  it('does not miss the mark where the quota is off', () => {
    alter(patient.rows, 'Inventory', { ...resourceKey(aVolume(2).id), countedInProject: undefined });
    set({ state: 'off', usedBytes: 8 * gib });
    expect(found()).toEqual([]);
  });

  it('corrects nothing that has moved since it looked', async () => {
    set({ usedBytes: 20 * gib });
    const writes = found()[0]?.repair?.writes ?? [];
    set({ moves: 3 });
    await expect(patient.rows.transact(writes)).rejects.toMatchObject({ code: 'resource.changed' });
  });

  it('does not judge while one of the volumes is worked on, or an order is stored or ended in parts', () => {
    set({ usedBytes: 20 * gib });
    alter(patient.rows, 'Tasks', { pk: `OPERATION#${openId}`, sk: 'OPERATION', state: 'accepting' });
    expect(found()).toEqual([]);
    alter(patient.rows, 'Tasks', { pk: `OPERATION#${openId}`, sk: 'OPERATION', state: 'rolling-back' });
    expect(found()).toEqual([]);
    alter(patient.rows, 'Tasks', { pk: `OPERATION#${openId}`, sk: 'OPERATION', state: 'accepted' });
    expect(found()).toHaveLength(1);
    alter(patient.rows, 'Inventory', { ...resourceKey(aVolume(2).id), activeTaskId: 'task' });
    expect(found()).toEqual([]);
  });

  it('leaves a counter alone whose resource is not there, and tells of one that cannot be read', async () => {
    patient.rows.seed('Inventory', [quotaRow({ ...aQuota, id: tenantId })]);
    await drop(patient.rows, 'Inventory', quotaKey(projectId));
    expect(found()).toEqual([]);
    patient.rows.seed('Inventory', [{ ...quotaKey(projectId), state: 'perhaps' }]);
    expect(findingsOf(patient).filter(({ check }) => check === 'rows')).toHaveLength(1);
  });
});
