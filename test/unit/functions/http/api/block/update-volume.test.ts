import { beforeEach, describe, expect, it } from 'vitest';
import { volumeCreateSteps } from '../../../../../../statemachines/volume-create/steps.ts';
import { done } from '../../../../../support/block-volumes.ts';
import { endStarted, projectId, varrayId, vpoolId } from '../../../../../support/block-world.ts';
import { aHttpWorld, type HttpWorld } from '../../../../../support/http-world.ts';

let world: HttpWorld;
beforeEach(() => {
  world = aHttpWorld();
});

const order = { name: 'v1', project: projectId, size: '8GB', varray: varrayId, vpool: vpoolId };
const ordered = async () => (await world.send('POST', '/block/volumes', { as: 'tina', body: order })).body.task[0];
const madeVolume = async (): Promise<string> => {
  const task = await ordered();
  await endStarted(world, volumeCreateSteps, { how: 'commit', answers: [done(task.resource.id, 'n1')] });
  return task.resource.id;
};

describe('a volume', () => {
  const put = (id: string, body: object) => world.send('PUT', `/block/volumes/${id}`, { as: 'tina', body });

  it('is renamed, and found by its new name alone', async () => {
    const id = await madeVolume();
    expect((await put(id, { name: 'v2' })).body).toMatchObject({ name: 'v2', delete_protected: false });
    const found = (name: string) => world.send('GET', `/block/volumes/search?name=${name}`, { as: 'tina' });
    expect((await found('v2')).body.resource).toHaveLength(1);
    expect((await found('v1')).body.resource).toEqual([]);
  });

  it('is not renamed to a name that is taken, nor while a task works on it', async () => {
    const id = await madeVolume();
    const busy = (await world.send('POST', '/block/volumes', { as: 'tina', body: { ...order, name: 'other' } })).body.task[0];
    expect((await put(id, { name: 'other' })).body.code).toBe(1015);
    expect((await put(busy.resource.id, { name: 'third' })).status).toBe(400);
  });

  it.each([
    { how: 'alone', path: (id: string) => `/block/volumes/${id}/deactivate`, body: () => ({}) },
    { how: 'by force', path: (id: string) => `/block/volumes/${id}/deactivate?force=true`, body: () => ({}) },
    { how: 'by being forgotten', path: (id: string) => `/block/volumes/${id}/deactivate?type=VIPR_ONLY`, body: () => ({}) },
    { how: 'among others', path: () => '/block/volumes/deactivate', body: (id: string) => ({ id: [id] }) },
  ])('that is protected is not deleted $how', async ({ path, body }) => {
    const id = await madeVolume();
    expect((await put(id, { delete_protected: true })).body).toMatchObject({ delete_protected: true });
    const before = world.rows.dump();
    const answer = await world.send('POST', path(id), { as: 'tina', body: body(id) });
    expect(answer).toMatchObject({ status: 400, body: { code: 1025, details: expect.stringContaining('delete_protected') } });
    expect(world.rows.dump()).toBe(before);
    await put(id, { delete_protected: false });
    expect((await world.send('POST', path(id), { as: 'tina', body: body(id) })).status).toBe(202);
  });
});
