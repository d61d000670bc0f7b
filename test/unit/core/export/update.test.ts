import { beforeEach, describe, expect, it } from 'vitest';
import { deleteExport, type ExportUpdate, updateExport } from '../../../../core/export/update.ts';
import { exportDeleteSteps } from '../../../../statemachines/export-delete/steps.ts';
import { exportUpdateSteps } from '../../../../statemachines/export-update/steps.ts';
import { carryOut, madeExport, noChange, pairRows, readAnswers, removedAnswers } from '../../../support/block-exports.ts';
import { lastTask, listed, madeVolumes, rejected } from '../../../support/block-volumes.ts';
import {
  anInitiator,
  asked,
  aVpool,
  aWorld,
  endStarted,
  hostIdOf,
  initiatorIdOf,
  projectId,
  startedOperation,
  stranger,
  type World,
} from '../../../support/block-world.ts';

const [host1, host2, initiator1, initiator2] = [hostIdOf(1), hostIdOf(2), initiatorIdOf(1), initiatorIdOf(2)];

let world: World;
let a: string;
let b: string;
beforeEach(async () => {
  world = aWorld();
  world.put(aVpool({ sharedAccess: true }));
  [a = '', b = ''] = await madeVolumes(world, { count: 2 });
});

const ids = (...volumes: string[]) => volumes.map((id) => ({ id }));
const update = (groupId: string, patch: Partial<ExportUpdate>, request = asked()) =>
  updateExport(world.ports, request, { ...noChange, groupId, ...patch });
const remove = (groupId: string) => deleteExport(world.ports, asked(), groupId);
const planned = () => startedOperation(world, exportUpdateSteps).plan;
const calls = (step: string) => exportUpdateSteps.steps[step]?.run(planned(), {}) ?? [];
const failure = { code: 'array.busy', message: 'the array was busy' };

describe('adding to an export group', () => {
  it('maps a new volume to the initiators of the group, and locks no other volume', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    await expect(update(id, { volumes: { add: ids(b, a), remove: [] } })).resolves.toMatchObject({ name: 'UPDATE EXPORT GROUP' });
    expect(world.row(id)).toMatchObject({ state: 'updating', volumes: ids(a) });
    expect(world.row(a)?.['activeTaskId']).toBeUndefined();
    expect(calls('EnsureExports')).toMatchObject([{ input: { volumes: [{ ref: '0' }], hosts: [{ ref: host1 }] } }]);
    expect(calls('ReadExports')).toMatchObject([{ verb: 'readExports', input: { items: [{ ref: '0' }] } }]);
    expect(calls('EnsureExportsAbsent')).toEqual([]);
    await carryOut(world, exportUpdateSteps);
    expect(world.row(id)).toMatchObject({ state: 'ready', volumes: ids(a, b) });
    expect(pairRows(world, b)).toMatchObject([{ groups: [id], origin: 'made', lun: 1, devicePath: '/dev/disk/0' }]);
    expect(listed(world, `LIST#${b}#ExportGroup`)).toEqual([id]);
    expect(lastTask(world, id)).toMatchObject({ state: 'ready' });
  });

  it('maps every volume of the group to a new host, and finds the group by it', async () => {
    const id = await madeExport(world, { volumes: ids(a, b) });
    await update(id, { hosts: { add: [host2], remove: [] } });
    expect(calls('EnsureExports')).toMatchObject([{ input: { volumes: [{}, {}], hosts: [{ ref: host2 }] } }]);
    await carryOut(world, exportUpdateSteps, { 0: ['sdc-2'] });
    expect(listed(world, `LIST#${host2}#ExportGroup`)).toEqual([id]);
    expect(pairRows(world, a).map((row) => [row['port'], row['origin']])).toEqual([
      ['sdc-1', 'made'],
      ['sdc-2', 'found'],
    ]);
  });

  it('takes single initiators, and counts one that is there already once', async () => {
    const id = await madeExport(world, { volumes: ids(a), type: 'Initiator', hosts: [], initiators: [initiator1] });
    await update(id, { initiators: { add: [initiator1, initiator2], remove: [] } });
    await carryOut(world, exportUpdateSteps);
    expect(world.row(id)).toMatchObject({ initiatorIds: [initiator1, initiator2], hostIds: [host1, host2] });
  });
});

describe('removing from an export group', () => {
  it('unmaps what no other group wants, and only that', async () => {
    const id = await madeExport(world, { volumes: ids(a, b) });
    const other = await madeExport(world, { name: 'other', volumes: ids(b) });
    await update(id, { volumes: { add: [], remove: [a, b] } });
    expect(calls('EnsureExports')).toEqual([]);
    expect(calls('EnsureExportsAbsent')).toMatchObject([
      { input: { items: [{ volume: { nativeId: world.row(a)?.['nativeId'] }, initiator: { id: 'sdc-1' } }] } },
    ]);
    await carryOut(world, exportUpdateSteps);
    expect(pairRows(world, a)).toEqual([]);
    expect(pairRows(world, b)).toMatchObject([{ groups: [other] }]);
    expect(world.row(id)).toMatchObject({ volumes: [], hostIds: [host1] });
  });

  it('leaves a mapping on the array that was there before any group wanted it', async () => {
    const id = await madeExport(world, { volumes: ids(a) }, { 0: ['sdc-1'] });
    await update(id, { volumes: { add: [], remove: [a] } });
    expect(calls('EnsureExportsAbsent')).toEqual([]);
    await carryOut(world, exportUpdateSteps);
    expect(pairRows(world, a)).toEqual([]);
  });

  it('takes all initiators of a removed host', async () => {
    const id = await madeExport(world, { volumes: ids(a), hosts: [host1, host2] });
    await update(id, { hosts: { add: [], remove: [host1] } });
    await carryOut(world, exportUpdateSteps);
    expect(world.row(id)).toMatchObject({ hostIds: [host2], initiatorIds: [initiator2] });
    expect(pairRows(world, a).map((row) => row['port'])).toEqual(['sdc-2']);
    await update(id, { initiators: { add: [], remove: [initiator2] } });
    await carryOut(world, exportUpdateSteps);
    expect(world.row(id)).toMatchObject({ hostIds: [], volumes: ids(a) });
  });

  it('keeps in the group what the array refused to unmap, and says so', async () => {
    const id = await madeExport(world, { volumes: ids(a, b) });
    await update(id, { volumes: { add: [], remove: [a, b] }, hosts: { add: [], remove: [host1] } });
    await endStarted(world, exportUpdateSteps, {
      how: 'commit',
      answers: [rejected('0 0', 'in use'), ...removedAnswers(planned()).slice(1)],
    });
    expect(world.row(id)).toMatchObject({ state: 'ready', volumes: ids(a), initiatorIds: [initiator1], hostIds: [host1] });
    expect(pairRows(world, a)).toHaveLength(1);
    expect(pairRows(world, b)).toEqual([]);
    expect(lastTask(world, id)).toMatchObject({ state: 'error', serviceError: { details: 'in use' } });
    await update(id, { volumes: { add: [], remove: [a] } });
    await carryOut(world, exportUpdateSteps);
    expect(pairRows(world, a)).toEqual([]);
  });
});

describe('deleting an export group', () => {
  it('unmaps what it was the last to want, and is in no list any more', async () => {
    const id = await madeExport(world, { volumes: ids(a, b) });
    const other = await madeExport(world, { name: 'other', volumes: ids(a) });
    await expect(remove(id)).resolves.toMatchObject({ name: 'DELETE EXPORT GROUP' });
    expect(world.row(id)).toMatchObject({ state: 'deleting' });
    const plan = await carryOut(world, exportDeleteSteps);
    expect(plan.pairs.map(({ action }) => action).sort()).toEqual(['leave', 'unmap']);
    expect(world.row(id)).toMatchObject({ inactive: true, state: 'deleted', volumes: [] });
    expect(listed(world, `LIST#${projectId}#ExportGroup`)).toEqual([other]);
    expect(listed(world, `LIST#${b}#ExportGroup`)).toEqual([]);
    expect(pairRows(world, a)).toMatchObject([{ groups: [other] }]);
    expect(pairRows(world, b)).toEqual([]);
    expect(lastTask(world, id)).toMatchObject({ state: 'ready' });
  });

  it('stays with what the array refused to unmap, and can be deleted again', async () => {
    const id = await madeExport(world, { volumes: ids(a, b) });
    await remove(id);
    await endStarted(world, exportDeleteSteps, { how: 'commit', answers: [rejected('0 0', 'in use'), { ref: '1 0', status: 'done' }] });
    expect(world.row(id)).toMatchObject({ inactive: false, state: 'ready', volumes: ids(a), hostIds: [host1] });
    expect(lastTask(world, id)).toMatchObject({ state: 'error', serviceError: { details: 'in use' } });
    await remove(id);
    await carryOut(world, exportDeleteSteps);
    expect(world.row(id)).toMatchObject({ inactive: true });
  });

  it('after a failure believes the array', async () => {
    const id = await madeExport(world, { volumes: ids(a, b) });
    await remove(id);
    const { plan } = startedOperation(world, exportDeleteSteps);
    expect(exportDeleteSteps.steps['EnsureExportsAbsent']?.run(plan, {})).toMatchObject([{ input: { items: [{}, {}] } }]);
    expect(exportDeleteSteps.look?.(plan, {})).toMatchObject([{ verb: 'readExports' }]);
    await endStarted(world, exportDeleteSteps, { how: 'rollBack', failure, answers: readAnswers({ 0: [], 1: ['sdc-1', 'sdc-9'] }) });
    expect(world.row(id)).toMatchObject({ state: 'ready', volumes: ids(b) });
    expect(lastTask(world, id)).toMatchObject({ state: 'error' });
    await remove(id);
    await endStarted(world, exportDeleteSteps, { how: 'rollBack', failure, answers: readAnswers({ 0: [] }) });
    expect(world.row(id)).toMatchObject({ inactive: true });
    expect(lastTask(world, id)).toMatchObject({ state: 'ready' });
  });
});

describe('a change that cannot be', () => {
  const refused = async (work: () => Promise<unknown>, code: string, text = '') => {
    const before = world.rows.dump();
    await expect(work()).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
    expect(world.rows.dump()).toBe(before);
  };

  it('names what is not in the group, and refuses clusters', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    await refused(() => update(id, { volumes: { add: [], remove: [b] } }), 'request.parameterInvalid', `volume_changes.remove: ${b}`);
    await refused(() => update(id, { hosts: { add: [], remove: [host2] } }), 'request.parameterInvalid', 'host_changes.remove');
    await refused(
      () => update(id, { initiators: { add: [], remove: [initiator2] } }),
      'request.parameterInvalid',
      'initiator_changes.remove',
    );
    await refused(() => update(id, { clusters: { add: ['c'], remove: [] } }), 'export.unsupported', 'clusters: ');
  });

  it('waits for nobody: a group that a task works on is busy or being deleted', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    await update(id, { volumes: { add: ids(b), remove: [] } });
    await refused(() => update(id, {}), 'resource.busy', 'in progress');
    await carryOut(world, exportUpdateSteps);
    await remove(id);
    await refused(() => remove(id), 'resource.deleting');
  });

  it('refuses to swap the host of a volume that is not shared in one request', async () => {
    world.put(aVpool());
    const id = await madeExport(world, { volumes: ids(a) });
    await refused(
      () => update(id, { hosts: { add: [host2], remove: [host1] } }),
      'export.unsupported',
      'remove it from the other host first',
    );
  });

  it('finds nothing of another tenant', async () => {
    const id = await madeExport(world, {});
    await refused(() => update(id, {}, asked({ principal: stranger })), 'resource.notFound');
  });

  it('plans again when a volume was changed between reading and locking it', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    const { rows } = world;
    const query = rows.query.bind(rows);
    let meddled = false;
    rows.query = (page) => {
      const row = world.row(b);
      if (!meddled && page.pk === b && row) {
        meddled = true;
        rows.seed('Inventory', [{ ...row, version: Number(row['version']) + 1 }]);
      }
      return query(page);
    };
    await update(id, { volumes: { add: ids(b), remove: [] } });
    expect(meddled).toBe(true);
    expect(world.row(b)?.['activeTaskId']).toBe(world.row(id)?.['activeTaskId']);
  });

  it('lets an initiator that is gone from the records leave the group', async () => {
    const id = await madeExport(world, { volumes: ids(a), hosts: [host1, host2] });
    await rowGone(initiator2);
    world.put(anInitiator(1));
    await update(id, {});
    await carryOut(world, exportUpdateSteps);
    expect(world.row(id)).toMatchObject({ initiatorIds: [initiator1] });
    expect(pairRows(world, a).map((row) => row['port'])).toEqual(['sdc-1']);
  });

  const rowGone = (id: string) => world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: id, sk: 'RESOURCE' } }]);
});
