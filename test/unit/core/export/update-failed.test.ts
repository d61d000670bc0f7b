import { beforeEach, describe, expect, it } from 'vitest';
import { type ExportUpdate, updateExport } from '../../../../core/export/update.ts';
import type { UndoReason } from '../../../../core/operation/steps.ts';
import { exportUpdateSteps } from '../../../../statemachines/export-update/steps.ts';
import { madeExport, noChange, pairRows, readAnswers } from '../../../support/block-exports.ts';
import { lastTask, madeVolumes } from '../../../support/block-volumes.ts';
import { asked, aVpool, aWorld, endStarted, hostIdOf, startedOperation, type World } from '../../../support/block-world.ts';

const [host1, host2] = [hostIdOf(1), hostIdOf(2)];

let world: World;
let a: string;
let b: string;
beforeEach(async () => {
  world = aWorld();
  world.put(aVpool({ sharedAccess: true }));
  [a = '', b = ''] = await madeVolumes(world, { count: 2 });
});

const ids = (...volumes: string[]) => volumes.map((id) => ({ id }));
const update = (groupId: string, patch: Partial<ExportUpdate>) => updateExport(world.ports, asked(), { ...noChange, groupId, ...patch });
const planned = () => startedOperation(world, exportUpdateSteps).plan;
const failure = { code: 'array.busy', message: 'the array was busy' };

describe('a change of an export group that failed', () => {
  const added = { ReadExports: [], EnsureExports: {} };
  const cancelled = { ...failure, code: 'Cancelled' };
  const undo = (learned: object, why: UndoReason) => exportUpdateSteps.steps['EnsureExports']?.undo?.(planned(), { ...learned }, why);

  it('has not added anything if it was cancelled, and believes the array of what it removed', async () => {
    const id = await madeExport(world, { volumes: ids(a), hosts: [host1, host2] });
    await update(id, { volumes: { add: ids(b), remove: [] }, hosts: { add: [], remove: [host1] } });
    expect(undo(added, { failure: cancelled })).toMatchObject([{ verb: 'ensureExportsAbsent' }]);
    expect(exportUpdateSteps.look?.(planned(), added)).toMatchObject([{ verb: 'readExports', input: { items: [{}] } }]);
    await endStarted(world, exportUpdateSteps, {
      how: 'rollBack',
      failure: cancelled,
      learned: added,
      answers: readAnswers({ 0: ['sdc-2'] }),
    });
    expect(world.row(id)).toMatchObject({ state: 'ready', volumes: ids(a), hostIds: [host2] });
    expect(pairRows(world, a).map((row) => row['port'])).toEqual(['sdc-2']);
    expect(pairRows(world, b)).toEqual([]);
    expect(lastTask(world, id)).toMatchObject({ state: 'error', serviceError: { details: 'the array was busy' } });
    for (const volume of [a, b]) expect(world.row(volume)?.['activeTaskId']).toBeUndefined();
  });

  it('keeps what it added once all of that is there, and says what the array still maps', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    await update(id, { volumes: { add: ids(b), remove: [a] } });
    expect(undo(added, { failure })).toEqual([]);
    expect(undo(added, { failure, resolution: 'discard' })).toHaveLength(1);
    const answers = readAnswers({ 0: ['sdc-1'], 1: ['sdc-1'] });
    await endStarted(world, exportUpdateSteps, { how: 'rollBack', failure, learned: added, answers });
    expect(world.row(id)).toMatchObject({ state: 'ready', volumes: expect.arrayContaining([...ids(a), ...ids(b)]) });
    expect([...pairRows(world, a), ...pairRows(world, b)]).toHaveLength(2);
    expect(lastTask(world, id)).toMatchObject({ state: 'error', serviceError: { details: 'the array was busy' } });
  });

  it('is carried out if the array turns out to have done all of it', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    await update(id, { volumes: { add: ids(b), remove: [a] } });
    await endStarted(world, exportUpdateSteps, { how: 'rollBack', failure, learned: added, answers: readAnswers({ 0: [], 1: [] }) });
    expect(world.row(id)).toMatchObject({ state: 'ready', volumes: ids(b) });
    expect(pairRows(world, a)).toEqual([]);
    expect(lastTask(world, id)).toMatchObject({ state: 'ready' });
  });

  it('has removed nothing before all that is to be added is there, and asks no array about it', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    await update(id, { volumes: { add: ids(b), remove: [a] } });
    expect(exportUpdateSteps.look?.(planned(), { ReadExports: [] })).toEqual([]);
    await endStarted(world, exportUpdateSteps, { how: 'rollBack', failure, learned: { ReadExports: [] }, answers: [] });
    expect(world.row(id)).toMatchObject({ state: 'ready', volumes: ids(a) });
    expect(pairRows(world, a)).toHaveLength(1);
  });

  it('keeps what is still mapped, and what was only to be forgotten or left to others', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    const other = await madeExport(world, { name: 'other', volumes: ids(a, b) }, { 0: ['sdc-1'] });
    await update(other, { volumes: { add: [], remove: [a, b] } });
    await endStarted(world, exportUpdateSteps, { how: 'rollBack', failure, answers: readAnswers({ 1: ['sdc-1'] }) });
    expect(world.row(other)).toMatchObject({ volumes: ids(a, b), hostIds: [host1] });
    expect(pairRows(world, a)).toMatchObject([{ groups: [id, other] }]);
    expect(pairRows(world, b)).toHaveLength(1);
  });

  it('takes back what it mapped and nothing else', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    await update(id, { hosts: { add: [host2], remove: [] } });
    const { learn } = exportUpdateSteps.steps['EnsureExports'] ?? {};
    expect(undo({ ReadExports: [] }, {})).toMatchObject([{ input: { items: [{ initiator: { id: 'sdc-2' } }] } }]);
    expect(learn?.([{ ref: '0 0', status: 'done' }], planned())).toEqual({ '0 0': {} });
  });

  it('commits also when nothing is known of how hosts get at the volume', async () => {
    const id = await madeExport(world, { volumes: ids(a) });
    await update(id, { hosts: { add: [host2], remove: [] } });
    await endStarted(world, exportUpdateSteps, { how: 'commit', learned: { ReadExports: [] } });
    expect(pairRows(world, a)).toMatchObject([{}, { port: 'sdc-2', origin: 'made' }]);
  });
});
