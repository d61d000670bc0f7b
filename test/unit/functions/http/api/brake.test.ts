import { beforeEach, describe, expect, it } from 'vitest';
import { volumeCreateSteps } from '../../../../../statemachines/volume-create/steps.ts';
import { done } from '../../../../support/block-volumes.ts';
import { endStarted, projectId, providerId, startedAt, varrayId, vpoolId } from '../../../../support/block-world.ts';
import { aHttpWorld, type HttpWorld } from '../../../../support/http-world.ts';

let world: HttpWorld;
beforeEach(() => {
  world = aHttpWorld();
});

const order = { name: 'v1', project: projectId, size: '8GB', varray: varrayId, vpool: vpoolId };
const ordered = async () => (await world.send('POST', '/block/volumes', { as: 'tina', body: order })).body.task[0];
const setBrake = (properties: object, query = '') => world.send('PUT', `/config/properties${query}`, { as: 'admin', body: { properties } });
const historyOf = (id: string) => world.rows.all('History').filter(({ pk }) => pk === id);

const madeVolume = async (): Promise<string> => {
  const task = await ordered();
  await endStarted(world, volumeCreateSteps, { how: 'commit', answers: [done(task.resource.id, 'n1')] });
  return task.resource.id;
};

describe('the properties of the installation', () => {
  it('show the brake and the epoch', async () => {
    const properties = { operations: 'normal', operations_reason: '', operations_since: '', epoch: '1' };
    expect((await world.send('GET', '/config/properties', { as: 'admin' })).body).toEqual({ properties });
  });

  it('set the brake with its reason and time, and release it; the history tells both', async () => {
    const frozen = await setBrake({ operations: 'frozen', operations_reason: 'move' });
    expect(frozen.body.properties).toEqual({ operations: 'frozen', operations_reason: 'move', operations_since: startedAt, epoch: '1' });
    expect((await setBrake({ operations: 'normal' })).body.properties).toMatchObject({ operations: 'normal', operations_reason: '' });
    expect(historyOf('INSTALLATION')).toMatchObject([
      { actor: 'admin', before: { operations: 'normal' }, after: { operations: 'frozen', brakeReason: 'move' } },
      { actor: 'admin', before: { operations: 'frozen' }, after: { operations: 'normal' } },
    ]);
  });

  it.each([
    { properties: { colour: 'red' }, says: 'there are operations, operations_reason' },
    { properties: { epoch: '7' }, says: 'properties.epoch: it is read-only' },
    { properties: { operations: 'stopped' }, says: 'operations' },
    { properties: { operations_reason: 'why' }, says: 'nothing to give a reason for' },
  ])('refuse $properties and change nothing', async ({ properties, says }) => {
    const before = world.rows.dump();
    expect(await setBrake(properties)).toMatchObject({ status: 400, body: { details: expect.stringContaining(says) } });
    expect(world.rows.dump()).toBe(before);
  });

  it('are only planned by a dry run', async () => {
    const before = world.rows.dump();
    const answer = await setBrake({ operations: 'frozen' }, '?dry_run=true');
    expect(answer.body).toMatchObject({ dry_run: true, plan: { properties: { operations: 'frozen' } } });
    expect(world.rows.dump()).toBe(before);
  });
});

describe('an order while the brake is on', () => {
  it.each([
    { operations: 'drain', says: 'the installation is set to drain since' },
    { operations: 'frozen', says: 'the installation is set to frozen since' },
  ])('is refused: $operations; a dry run answers the plan and says so', async ({ operations, says }) => {
    await setBrake({ operations });
    const before = world.rows.dump();
    const refused = await world.send('POST', '/block/volumes', { as: 'tina', body: order });
    expect(refused).toMatchObject({ status: 400, body: { code: 1057, retryable: true, details: expect.stringContaining(says) } });
    const planned = await world.send('POST', '/block/volumes?dry_run=true', { as: 'tina', body: order });
    expect(planned).toMatchObject({
      status: 200,
      body: { plan: { chosen: [{ volumes: 1 }], refused_now: expect.stringContaining(says) } },
    });
    expect(world.rows.dump()).toBe(before);
  });

  it('is accepted again afterwards', async () => {
    await setBrake({ operations: 'frozen' });
    await setBrake({ operations: 'normal' });
    expect(await ordered()).toMatchObject({ state: 'pending' });
  });

  it('of a discovery is accepted: it only reads', async () => {
    await setBrake({ operations: 'frozen' });
    expect((await world.send('POST', '/vdc/storage-providers/scan', { as: 'admin', body: {} })).status).toBe(202);
  });
});

describe('the brake of a storage provider', () => {
  const path = `/vdc/storage-providers/${providerId}`;
  const put = (body: object) => world.send('PUT', path, { as: 'admin', body });

  it('is set and shown with reason and time, without asking the array, and is in its history', async () => {
    const answer = await put({ operations: 'frozen', operations_reason: 'new controller' });
    expect(answer).toMatchObject({
      status: 200,
      body: { operations: 'frozen', operations_reason: 'new controller', operations_since: startedAt },
    });
    expect(world.driverCalls).toEqual([]);
    expect(historyOf(providerId)).toMatchObject([{ after: { operations: 'frozen' } }]);
    expect((await put({ operations: 'normal' })).body).not.toHaveProperty('operations_reason');
    expect((await world.send('GET', path, { as: 'monitor' })).body).toMatchObject({ operations: 'normal' });
  });

  it('keeps its time when only the reason changes', async () => {
    await put({ operations: 'drain', operations_reason: 'first' });
    world.nowMs += 60_000;
    expect((await put({ operations_reason: 'second' })).body).toMatchObject({ operations_since: startedAt, operations_reason: 'second' });
  });

  it('is said in the plan of an expansion, which is refused', async () => {
    const id = await madeVolume();
    await put({ operations: 'drain' });
    const body = { new_size: '16GB' };
    expect((await world.send('POST', `/block/volumes/${id}/expand`, { as: 'tina', body })).body.details).toContain(
      'gateway-1 is set to drain',
    );
    const planned = await world.send('POST', `/block/volumes/${id}/expand?dry_run=true`, { as: 'tina', body });
    expect(planned.body.plan).toMatchObject({ provisioned_capacity_gb: '16.00', refused_now: expect.stringContaining('drain') });
  });

  it('does not stand in the way of forgetting a volume', async () => {
    const id = await madeVolume();
    await put({ operations: 'frozen' });
    expect((await world.send('POST', `/block/volumes/${id}/deactivate?type=VIPR_ONLY`, { as: 'tina' })).status).toBe(202);
  });
});
