import { expect } from 'vitest';
import { carryOut, type Order } from './carry-out.ts';
import type { Ground } from './ground.ts';
import type { StoredRow } from './stored.ts';

const path = '/vdc/storage-providers/scan';

/** Everything on record but the provider, which says how its discovery ended. */
const recorded = async ({ stored }: Ground): Promise<string> => {
  const rows = (await stored.all('Inventory')).filter(({ pk }) => !pk.includes(':StorageProvider:') && !pk.startsWith('INSTALLATION'));
  return JSON.stringify(rows.toSorted((a, b) => `${a.pk} ${a.sk}`.localeCompare(`${b.pk} ${b.sk}`)));
};

const providerNow = ({ stored, estate }: Ground): Promise<StoredRow | undefined> =>
  stored.get('Inventory', { pk: estate.providerIds[0] ?? '', sk: 'RESOURCE' });

const expectProvider = async (ground: Ground, what: object): Promise<void> => {
  const provider = await providerNow(ground);
  expect(provider).toMatchObject(what);
  expect(provider?.['activeTaskId']).toBeUndefined();
};

const visibilityOf = async ({ stored }: Ground, port: string): Promise<unknown> =>
  (await stored.all('Inventory')).find((row) => row.sk === 'RESOURCE' && row['port'] === port)?.['visibility'];

/** Since the last discovery a host has left the array: a complete one ages it, any other leaves all as it is. */
export const discoverProvider = async (ground: Ground): Promise<Order> => {
  const atEnd = ground.array.bytes();
  await carryOut(ground, path);
  const { sdcs } = ground.array.simulator.state;
  const gone = [...sdcs.values()].find(({ name }) => name === 'host3');
  if (gone === undefined) throw new Error('the array has no host3');
  const before = await recorded(ground);
  sdcs.delete(gone.id);
  return {
    method: 'POST',
    path,
    atEnd,
    expectUndone: async (now) => {
      expect(await recorded(now)).toBe(before);
      await expectProvider(now, { connection: 'not-connected', discovery: { status: 'error' } });
    },
    expectDone: async (now) => {
      expect(await visibilityOf(now, gone.id)).toBe('not-visible');
      await expectProvider(now, { connection: 'connected', discovery: { status: 'complete' } });
    },
    cleanUp: async (now) => {
      now.array.simulator.state.sdcs.set(gone.id, gone);
      await carryOut(now, path);
      expect(await visibilityOf(now, gone.id)).toBe('visible');
    },
  };
};
