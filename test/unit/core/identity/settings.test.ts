import { beforeEach, describe, expect, it } from 'vitest';
import { installationKey } from '../../../../core/identity/installation.ts';
import { beginEpoch, getInstallation, setProperties } from '../../../../core/identity/settings.ts';
import { asked, aWorld, startedAt, type World } from '../../../support/block-world.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const stored = () => getInstallation(world.ports);
const events = () => world.rows.all('History').filter(({ pk }) => pk === installationKey.pk);

describe('the brake over everything', () => {
  it('is set with its reason and noted in the history, and taken off without a trace in the properties', async () => {
    const on = { operations: 'drain', operations_reason: 'new firmware' } as const;
    await expect(setProperties(world.ports, asked(), on)).resolves.toEqual({
      properties: { operations: 'drain', operations_reason: 'new firmware', operations_since: startedAt, epoch: '1' },
    });
    await setProperties(world.ports, asked(), { operations: 'normal' });
    expect(await stored()).not.toHaveProperty('brakeReason');
    expect(events()).toHaveLength(2);
  });

  it('set to what it is changes nothing', async () => {
    const before = world.rows.dump();
    await setProperties(world.ports, asked(), { operations: 'normal' });
    expect(world.rows.dump()).toBe(before);
  });

  it('is not moved by a dry run', async () => {
    const before = world.rows.dump();
    await setProperties(world.ports, asked({ dryRun: true }), { operations: 'frozen' });
    expect(world.rows.dump()).toBe(before);
  });
});

describe('a new epoch', () => {
  it('begins frozen', async () => {
    await expect(beginEpoch(world.ports, asked())).resolves.toEqual({ epoch: 2, operations: 'frozen' });
    expect(await stored()).toMatchObject({ epoch: 2, operations: 'frozen', brakeReason: 'epoch 2 was begun' });
  });

  it('is begun once by two who ask at the same time', async () => {
    const answers = await Promise.allSettled([beginEpoch(world.ports, asked()), beginEpoch(world.ports, asked())]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await stored()).epoch).toBe(2);
  });
});

describe('before the first login', () => {
  it('there is nothing to set', async () => {
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: installationKey }]);
    await expect(setProperties(world.ports, asked(), { operations: 'frozen' })).rejects.toMatchObject({ code: 'resource.notFound' });
  });
});
