import { afterAll, beforeAll, expect, it } from 'vitest';
import { countBoundOf } from '../../../core/capacity/count.ts';
import { giveBackCapacity, takeCapacity } from '../../../core/capacity/take.ts';
import { foreignWrites } from '../../../core/discovery/count.ts';
import { fromRow, resourceKey, toRow } from '../../../core/inventory/resource.ts';
import { poolSchema, type StoragePool } from '../../../core/inventory/schemas.ts';
import type { Rows } from '../../../core/ports.ts';
import type { LocalDynamoDb } from '../../../local/dynamodb/start.ts';
import { dynamoRows } from '../../../platform/aws/rows.ts';
import { aPool, gib } from '../../support/block-world.ts';
import { client } from '../dynamodb/support.ts';
import { startStore } from './store.ts';

let store: LocalDynamoDb;
let rows: Rows;

beforeAll(async () => {
  store = await startStore();
  let token = 0;
  rows = dynamoRows({
    client: client(store.url),
    tables: (table) => table,
    random: () => 0.5,
    sleep: async () => undefined,
    newToken: () => `token-${++token}`,
  });
});
afterAll(() => store.close());

const { id } = aPool();
const poolNow = async (): Promise<StoragePool> => fromRow(poolSchema, (await rows.get('Inventory', resourceKey(id))) ?? { pk: id, sk: '' });

/** Orders a volume as it judged the pool; again, as a request does, when somebody was faster. */
const ordered = async (): Promise<boolean> => {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const bound = countBoundOf(await poolNow());
    if (bound.limits.some(({ left }) => left < 1)) return false;
    const share = { poolId: id, bytes: 8 * gib, provisioning: 'thin' as const, volumes: 1 };
    const isTaken = await rows.transact([takeCapacity({ ...share, when: bound.taking(1) })]).then(
      () => true,
      () => false,
    );
    if (isTaken) return true;
  }
  return false;
};

it('twenty orders at once take the room that max_resources leaves, whatever is released and counted meanwhile, and no more', async () => {
  await rows.transact([{ do: 'put', table: 'Inventory', row: toRow(aPool({ maxResources: 10, volumeCount: 3 })) }]);
  expect((await Promise.all(Array.from({ length: 20 }, ordered))).filter(Boolean)).toHaveLength(7);
  const released = { poolId: id, bytes: 8 * gib, provisioning: 'thin' as const, volumes: 1, stays: true as const };
  const deleted = { poolId: id, bytes: 8 * gib, provisioning: 'thin' as const, volumes: 1 };
  const before = await poolNow();
  await rows.transact(giveBackCapacity([released, deleted]));
  await expect(rows.transact(foreignWrites(before, 2))).rejects.toMatchObject({ code: 'resource.changed' });
  expect((await Promise.all(Array.from({ length: 5 }, ordered))).filter(Boolean)).toHaveLength(1);
  expect(await poolNow()).toMatchObject({ managedCount: 6, foreignCount: 4, managedBytes: 6 * 8 * gib });
});
