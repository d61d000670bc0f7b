import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../../core/change.ts';
import { ControlPlaneError } from '../../../core/errors.ts';
import { listingRows } from '../../../core/inventory/listings.ts';
import { toRow } from '../../../core/inventory/resource.ts';
import type { Rows } from '../../../core/ports.ts';
import { findQuota } from '../../../core/quota/quota.ts';
import { provisionedBytes } from '../../../core/quota/scope.ts';
import { makeUrn } from '../../../core/urn.ts';
import { createVolumes, type VolumePorts } from '../../../core/volume/create.ts';
import { deleteVolumes } from '../../../core/volume/delete.ts';
import type { LocalDynamoDb } from '../../../local/dynamodb/start.ts';
import { dynamoRows } from '../../../platform/aws/rows.ts';
import { aProject, asked, aWorld, gib, varrayId, vpoolId } from '../../support/block-world.ts';
import { limit } from '../../support/quotas.ts';
import { client } from '../dynamodb/support.ts';
import { startStore } from './store.ts';

let store: LocalDynamoDb;
let rows: Rows;
let ports: VolumePorts;
let project: string;

const put = async (all: readonly Row[]): Promise<void> => {
  for (let start = 0; start < all.length; start += 50)
    await rows.transact(all.slice(start, start + 50).map((row) => ({ do: 'put', table: 'Inventory', row })));
};

beforeAll(async () => {
  store = await startStore();
  rows = dynamoRows({ client: client(store.url), tables: (table) => table, random: Math.random, sleep: pause, newToken: randomUUID });
  const world = aWorld();
  await put(world.rows.all('Inventory'));
  const ulids = { count: 0 };
  const ulid = (): string => String(++ulids.count).padStart(26, '0');
  ports = { ...world.ports, rows, ids: { uuid: randomUUID, ulid, secret: () => 's' } };
});
afterAll(() => store.close());

beforeEach(async () => {
  const fresh = aProject({ id: makeUrn('Project', randomUUID()), name: `finance-${randomUUID()}` });
  project = fresh.id;
  await put([toRow(fresh), ...listingRows(fresh)]);
});

/** Sends an order until it is decided: who is told that the store is busy, or that a quota is being counted, tries again. */
const order = async (name: string, count = 1): Promise<string> => {
  for (;;) {
    try {
      await createVolumes(ports, asked(), { name, size: '8GB', project, varray: varrayId, vpool: vpoolId, count });
      return 'accepted';
    } catch (error) {
      if (!(error instanceof ControlPlaneError)) throw error;
      if (error.code !== 'resource.changed' && error.code !== 'service.busy') return error.code;
    }
  }
};

const usedAndSum = async (): Promise<number[]> => {
  const quota = await findQuota(rows, project);
  return [(quota?.usedBytes ?? Number.NaN) / gib, (await provisionedBytes(rows, project)) / gib];
};

const names = (count: number, prefix = 'v'): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe('a quota over DynamoDB', () => {
  it('admits of orders that come together exactly as many as fit', async () => {
    await limit({ ports }, project, 40);
    const outcomes = await Promise.all(names(12).map((name) => order(name)));
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'quota.exceeded')).toHaveLength(7);
    expect(await usedAndSum()).toEqual([40, 40]);
  });

  it('that is enabled while orders are accepted counts each of them once, and then admits as many as fit', async () => {
    const early = names(8).map((name) => order(name, name.endsWith('3') ? 2 : 1));
    await Promise.race(early);
    const [outcomes] = await Promise.all([Promise.all(early), limit({ ports }, project, 80)]);
    expect(outcomes).toEqual(names(8).map(() => 'accepted'));
    expect(await usedAndSum()).toEqual([72, 72]);
    const late = await Promise.all(names(3, 'late').map((name) => order(name)));
    expect(late.toSorted()).toEqual(['accepted', 'quota.exceeded', 'quota.exceeded']);
    expect(await usedAndSum()).toEqual([80, 80]);
  });

  it('that is enabled while volumes are given back counts none of those', async () => {
    await Promise.all(names(4).map((name) => order(name)));
    const page = await rows.query({ table: 'Inventory', pk: `LIST#${project}#Volume` });
    const ids = page.rows.map((row) => String(row['id']));
    for (const pk of ids)
      await rows.transact([
        {
          do: 'update',
          table: 'Inventory',
          key: { pk, sk: 'RESOURCE' },
          set: { state: 'ready' },
          remove: ['activeTaskId'],
        },
      ]);
    const release = (id: string) => deleteVolumes(ports, asked(), { ids: [id], from: 'body', mode: 'release' });
    await Promise.all([limit({ ports }, project, 80), ...ids.slice(0, 2).map(release)]);
    expect(await usedAndSum()).toEqual([16, 16]);
  });
});
