import { beforeEach, describe, expect, it } from 'vitest';
import { confirmed } from '../../../../core/doctor/examine.ts';
import type { Check, Finding } from '../../../../core/doctor/finding.ts';
import { readRows } from '../../../../core/doctor/reading.ts';
import { listingRows } from '../../../../core/inventory/listings.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { taskIdOf } from '../../../../core/urn.ts';
import { gib, initiatorIdOf, poolIdOf, projectId, providerId, vpoolId } from '../../../support/block-world.ts';
import {
  alter,
  aSlotHeldBy,
  aTask,
  aVolume,
  drop,
  endedId,
  findingsOf,
  groupId,
  healthy,
  openId,
  type Patient,
  taskRowOf,
  volumeIdOf,
} from './healthy.ts';

let patient: Patient;
beforeEach(() => {
  patient = healthy();
});

const minutes = 60_000;
const found = (check: Check) => findingsOf(patient).filter((finding) => finding.check === check);
const change = (id: string, patch: Record<string, string | number | boolean | undefined>) =>
  alter(patient.rows, 'Inventory', { ...patch, ...resourceKey(id) });
const operationKey = (id: string) => ({ pk: `OPERATION#${id}`, sk: 'OPERATION' });

/** Repairs; then nothing of the kind is left. */
const isRepaired = async ({ check, repair }: Finding): Promise<void> => {
  await patient.rows.transact(repair?.writes ?? []);
  expect(found(check)).toEqual([]);
};
const only = (findings: readonly Finding[]): Finding => {
  expect(findings).toHaveLength(1);
  const [finding] = findings;
  if (!finding) throw new Error('none');
  return finding;
};

describe('a healthy store', () => {
  it('has no findings', () => {
    expect(findingsOf(patient)).toEqual([]);
  });

  it('may hold operations of many tasks, whose ids stand beside them or are forgotten, and what a later release made', () => {
    alter(patient.rows, 'Tasks', { taskIds: undefined, ...operationKey(openId) });
    expect(findingsOf(patient)).toEqual([]);
    patient.rows.seed('Tasks', [{ pk: operationKey(openId).pk, sk: 'PLAN', plan: {}, taskIds: [taskIdOf(openId, volumeIdOf(1))] }]);
    patient.rows.seed('Inventory', [
      { pk: 'urn:storageos:Later:00000000-0000-4000-8000-000000000001:vdc1', sk: 'RESOURCE' },
      { pk: 'odd', sk: 'RESOURCE' },
    ]);
    expect(findingsOf(patient)).toEqual([]);
  });
});

describe('a row that cannot be read', () => {
  it.each([
    { what: 'a resource', table: 'Inventory', key: resourceKey(volumeIdOf(1)), field: 'state' },
    { what: 'an operation', table: 'Tasks', key: operationKey(openId), field: 'repairs' },
    { what: 'a task', table: 'Tasks', key: { pk: taskIdOf(openId, volumeIdOf(1)), sk: 'TASK' }, field: 'progress' },
    { what: 'a mapping', table: 'Inventory', key: { pk: volumeIdOf(1), sk: `EXPORT#${initiatorIdOf(1)}` }, field: 'groups' },
  ] as const)('is told, and nothing is repaired that may belong to it: $what', ({ table, key, field }) => {
    alter(patient.rows, table, { [field]: { odd: true }, ...key });
    change(poolIdOf(1), { managedBytes: 17 * gib });
    expect(only(found('rows'))).toEqual({
      check: 'rows',
      subject: `${key.pk} ${key.sk}`,
      says: `this release cannot read it: ${field}`,
    });
    expect(findingsOf(patient).filter(({ repair }) => repair)).toEqual([]);
  });
});

it('a fault of the doctor is no finding', () => {
  const broken = () => {
    throw new TypeError('broken');
  };
  expect(() => readRows([{ pk: 'a', sk: 'b' }], broken)).toThrow('broken');
});

describe('operations', () => {
  it('that nobody carries on are found after three minutes, not before', () => {
    patient.executions.set(openId, 'failed');
    expect(found('operations')).toEqual([]);
    patient.nowMs += 4 * minutes;
    expect(only(found('operations')).says).toContain('its execution is failed');
    patient.executions.clear();
    expect(only(found('operations')).says).toContain('its execution is unknown');
  });

  it('that are carried on may take as long as they like', () => {
    patient.nowMs += 400 * minutes;
    expect(found('operations')).toEqual([]);
  });

  it('that need repair are told with their reason and next try', () => {
    const failure = { code: 'x', message: 'the array is away' };
    alter(patient.rows, 'Tasks', { state: 'needs-repair', failure, nextTryAt: '2026-03-01T13:00:00.000Z', ...operationKey(openId) });
    expect(only(found('operations')).says).toBe('it needs repair: the array is away; next try 2026-03-01T13:00:00.000Z');
    alter(patient.rows, 'Tasks', { failure: undefined, nextTryAt: undefined, ...operationKey(openId) });
    expect(only(found('operations')).says).toBe('it needs repair: no reason is stored; next try not set');
  });

  it('of an older epoch wait for an operator', () => {
    patient.epoch = 2;
    expect(only(found('operations')).says).toContain('epoch 1');
  });

  it('that ended leave no task open', () => {
    patient.rows.seed('Tasks', taskRowOf(aTask(endedId, 'pending')));
    expect(only(found('operations'))).toMatchObject({
      subject: taskIdOf(endedId, volumeIdOf(1)),
      says: expect.stringContaining('committed'),
    });
  });

  it('that are forgotten leave no task open either', async () => {
    await drop(patient.rows, 'Tasks', operationKey(openId));
    await drop(patient.rows, 'Tasks', operationKey(endedId));
    expect(only(found('operations')).says).toBe('it is pending and its operation is gone');
  });
});

describe('locks', () => {
  it('of open operations are no findings', () => {
    change(volumeIdOf(1), { activeTaskId: taskIdOf(openId, volumeIdOf(1)) });
    expect(found('locks')).toEqual([]);
  });

  it('of ended operations are given back', async () => {
    change(volumeIdOf(1), { activeTaskId: taskIdOf(endedId, volumeIdOf(1)) });
    await isRepaired(only(found('locks')));
  });

  it('of unknown operations are for a person', () => {
    change(volumeIdOf(1), { activeTaskId: 'urn:storageos:Task:gone:vdc1' });
    expect(only(found('locks'))).not.toHaveProperty('repair');
  });
});

describe('slots', () => {
  it('of ended operations are given back; those whose lease ran out, or of somebody unknown, are no findings', async () => {
    patient.rows.seed('Coordination', [aSlotHeldBy(endedId), { ...aSlotHeldBy(`${endedId}-r1`), leaseUntilSeconds: 1 }, aSlotHeldBy('x')]);
    await isRepaired(only(found('slots')));
  });
});

describe('lists', () => {
  const [row] = listingRows(aVolume(1));
  if (!row) throw new Error('a volume is in a list');

  it('get back what is missing', async () => {
    await drop(patient.rows, 'Inventory', row);
    await isRepaired(only(found('listings')));
  });

  it('lose what does not exist', async () => {
    patient.rows.seed('Inventory', [{ ...row, sk: 'ghost', id: 'urn:storageos:Volume:gone:vdc1' }]);
    await isRepaired(only(found('listings')));
  });

  it('lose what belongs elsewhere', async () => {
    patient.rows.seed('Inventory', [{ ...row, sk: 'old-name' }]);
    await isRepaired(only(found('listings')));
  });

  it('in which one name stands for another resource are for a person', () => {
    patient.rows.seed('Inventory', [{ ...row, id: volumeIdOf(2) }]);
    expect(only(found('listings'))).not.toHaveProperty('repair');
  });
});

describe('native ids', () => {
  const key = { pk: 'NATIVE#array-1#volume', sk: 'v-1' };

  it('that are not known become known', async () => {
    await drop(patient.rows, 'Inventory', key);
    await isRepaired(only(found('natives')));
  });

  it('that are known as another volume are for a person', () => {
    alter(patient.rows, 'Inventory', { id: volumeIdOf(2), ...key });
    expect(only(found('natives'))).not.toHaveProperty('repair');
  });

  it('of removed volumes are told', () => {
    patient.rows.seed('Inventory', [{ ...key, sk: 'v-9', id: volumeIdOf(9) }]);
    expect(only(found('natives')).says).toContain('which was removed');
  });

  it('are not judged while the volume is under way, not made yet, or its provider gone', async () => {
    await drop(patient.rows, 'Inventory', key);
    change(volumeIdOf(1), { activeTaskId: taskIdOf(openId, volumeIdOf(1)) });
    expect(found('natives')).toEqual([]);
    change(volumeIdOf(1), { activeTaskId: undefined, nativeId: undefined });
    expect(found('natives')).toEqual([]);
    change(volumeIdOf(1), { nativeId: 'v-1' });
    change(providerId, { inactive: true });
    expect(found('natives')).toEqual([]);
  });
});

describe('exports', () => {
  const pairOf = () => patient.rows.all('Inventory').find(({ sk }) => sk.startsWith('EXPORT#'));

  it('that a group wants have their row', async () => {
    const pair = pairOf();
    if (pair) await drop(patient.rows, 'Inventory', pair);
    expect(only(found('exports')).says).toContain('no row says so');
  });

  it('are wanted by the groups that their rows name', async () => {
    alter(patient.rows, 'Inventory', { volumes: [], ...resourceKey(groupId) });
    expect(only(found('exports')).says).toBe(`it says that ${groupId} wants it, which does not`);
    change(groupId, { inactive: true });
    expect(only(found('exports')).says).toBe(`it says that ${groupId} wants it, which is gone`);
  });

  it('are not judged while the group is under way', () => {
    alter(patient.rows, 'Inventory', { volumes: [], activeTaskId: taskIdOf(openId, groupId), ...resourceKey(groupId) });
    expect(found('exports')).toEqual([]);
  });

  it('of hosts that have no initiator are wanted by nobody', () => {
    alter(patient.rows, 'Inventory', { initiatorIds: [], hostIds: ['urn:storageos:Host:gone:vdc1'], ...resourceKey(groupId) });
    expect(found('exports').map(({ says }) => says)).toEqual([`it says that ${groupId} wants it, which does not`]);
  });
});

describe('what a volume or an export group belongs to', () => {
  it('was not removed', () => {
    change(vpoolId, { inactive: true });
    expect(found('references').map(({ subject, says }) => [subject, says])).toEqual([
      [volumeIdOf(1), `its virtual pool ${vpoolId} was removed`],
      [volumeIdOf(2), `its virtual pool ${vpoolId} was removed`],
    ]);
    change(vpoolId, { inactive: false });
    change(projectId, { inactive: true });
    expect(found('references').map(({ subject }) => subject)).toEqual([volumeIdOf(1), volumeIdOf(2), groupId]);
  });

  it('is not judged while a task works on it, whose first step looks', () => {
    change(vpoolId, { inactive: true });
    for (const id of [volumeIdOf(1), volumeIdOf(2)]) change(id, { activeTaskId: taskIdOf(openId, id) });
    expect(found('references')).toEqual([]);
  });
});

describe('a second look', () => {
  it('confirms what is still so, with the repair that fits now', () => {
    change(poolIdOf(1), { managedBytes: 17 * gib });
    const first = found('capacity');
    const second = found('capacity');
    expect(confirmed(first, second)).toEqual(second);
    expect(confirmed(first, [])).toEqual([]);
    change(poolIdOf(1), { managedBytes: 18 * gib });
    expect(confirmed(first, found('capacity'))).toEqual([]);
  });
});
