import { beforeEach, describe, expect, it } from 'vitest';
import { readInstallation } from '../../../../core/identity/installation.ts';
import { settleStore } from '../../../../core/identity/store-name.ts';
import { aWorld, type World } from '../../../support/block-world.ts';

let world: World;
beforeEach(() => {
  world = aWorld();
});

const settle = (name: string) => settleStore(world.ports, name);
const events = () => world.rows.all('History').filter(({ pk }) => pk === 'INSTALLATION');

describe('the store of an installation', () => {
  it('is noted by the first tick, and is then known', async () => {
    expect(await settle('tables of June')).toBe(false);
    expect(await readInstallation(world.rows)).toMatchObject({ storeName: 'tables of June', epoch: 1, operations: 'normal' });
    const noted = world.rows.dump();
    expect(await settle('tables of June')).toBe(false);
    expect(world.rows.dump()).toBe(noted);
  });

  it('found in other tables was restored or copied: a new epoch begins, frozen, once, and the history says so', async () => {
    await settle('tables of June');
    expect(await settle('restored tables')).toBe(true);
    expect(await readInstallation(world.rows)).toMatchObject({
      storeName: 'restored tables',
      epoch: 2,
      operations: 'frozen',
      brakeReason: 'the store was restored or copied; epoch 2 was begun',
    });
    expect(events()).toHaveLength(1);
    expect(await settle('restored tables')).toBe(false);
    expect(await readInstallation(world.rows)).toMatchObject({ epoch: 2 });
  });

  it('is nobody’s before the first login', async () => {
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: 'INSTALLATION', sk: 'INSTALLATION' } }]);
    expect(await settle('tables')).toBe(false);
    expect(await readInstallation(world.rows)).toBeUndefined();
  });
});
