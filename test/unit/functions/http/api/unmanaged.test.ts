import { beforeEach, describe, expect, it } from 'vitest';
import { type Seen, seenWrites } from '../../../../../core/discovery/seen.ts';
import { foundUnmanaged, unmanagedIdOf, unmanagedWrites } from '../../../../../core/discovery/unmanaged.ts';
import { resourceKey } from '../../../../../core/inventory/resource.ts';
import type { ObservedVolume } from '../../../../../drivers/sdk/model.ts';
import { madeVolumes, observed } from '../../../../support/block-volumes.ts';
import { poolIdOf, providerId, startedAt, systemId } from '../../../../support/block-world.ts';
import { aHttpWorld, type HttpWorld } from '../../../../support/http-world.ts';

let world: HttpWorld;
const seen = new Map<string, Seen>();

const see = (nativeId: string, kind: Seen['kind'], { name = nativeId, poolNativeId = 'sp-1' }: Partial<Seen> = {}): void => {
  seen.set(nativeId, { kind, digest: 'd', name, poolNativeId });
};
const theirs = async (nativeId: string, patch: Partial<ObservedVolume> = {}, kind: Seen['kind'] = 'foreign'): Promise<void> => {
  const volume = observed(nativeId, { name: `their-${nativeId}`, ...patch });
  await world.rows.transact(
    unmanagedWrites(foundUnmanaged(volume, { providerId, arrayId: 'array-1', bearsMark: kind !== 'foreign' }), undefined, startedAt),
  );
  see(nativeId, kind, { name: volume.name, poolNativeId: volume.poolNativeId });
};
const keepSeen = async (): Promise<void> => {
  for (const write of seenWrites('array-1', new Map(), seen)) await world.rows.transact([write]);
};
const get = (path: string) => world.send('GET', path, { as: 'monitor' });

beforeEach(() => {
  world = aHttpWorld();
  seen.clear();
});

describe('unmanaged volumes', () => {
  it('are shown with what CoprHD tells of them', async () => {
    const mapping = { initiatorType: 'sdc', initiatorId: 'sdc-9', access: 'read-write', limits: {} } as const;
    await theirs('n1', {
      systemNativeId: 'pd-1',
      allocatedBytes: 1024 ** 3,
      mappings: [mapping],
      managedElsewhere: 'replicated',
      kind: 'snapshot',
      ancestorNativeId: 'n0',
      sharedFateId: 'tree',
    });
    const id = unmanagedIdOf('array-1', 'n1');
    const { body, status } = await get(`/vdc/unmanaged/volumes/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ id, name: 'their-n1', native_guid: 'array-1+n1', wwn: 'wwn-n1', provisioned_capacity_gb: '8.00', allocated_capacity_gb: '1.00' },
      mapped_to: [{ type: 'sdc', initiator: 'sdc-9', access: 'read-write' }],
      link: { href: `/vdc/unmanaged/volumes/${id}` },
    });
    expect(body.unmanaged_volumes_characterstics).toEqual(
      expect.arrayContaining([
        { name: 'IS_SNAP_SHOT', value: 'TRUE' },
        { name: 'IS_VOLUME_EXPORTED', value: 'TRUE' },
        { name: 'MANAGED_ELSEWHERE', value: 'replicated' },
      ]),
    );
    expect(
      (await world.send('POST', '/vdc/unmanaged/volumes/bulk', { as: 'monitor', body: { id: [id] } })).body.unmanaged_volume,
    ).toHaveLength(1);
  });

  it('have a name also if the array gives them none', async () => {
    await theirs('n1', { name: '' });
    const { systemNativeId, wwn, ...bare } = observed('n2', { name: '' });
    await world.rows.transact(
      unmanagedWrites(foundUnmanaged(bare, { providerId, arrayId: 'array-1', bearsMark: false }), undefined, startedAt),
    );
    expect((await get(`/vdc/unmanaged/volumes/${unmanagedIdOf('array-1', 'n1')}`)).body.name).toBe('n1');
    expect((await get(`/vdc/unmanaged/volumes/${unmanagedIdOf('array-1', 'n2')}`)).body).toMatchObject({ name: 'n2', wwn: null });
  });

  it('are listed by storage pool and by storage system, in pages', async () => {
    await theirs('n1');
    await theirs('n2', { name: '' });
    await theirs('n3', { poolNativeId: 'sp-2' });
    see('n4', 'ours', { name: '', poolNativeId: '' });
    await keepSeen();
    const names = async (path: string) => (await get(path)).body.unmanaged_volume.map(({ name }: { name: string }) => name);
    expect(await names(`/vdc/storage-pools/${poolIdOf(1)}/unmanaged/volumes`)).toEqual(['their-n1', 'n2']);
    expect(await names(`/vdc/storage-systems/${systemId}/unmanaged/volumes`)).toEqual(['their-n1', 'n2', 'their-n3']);
    const first = await get(`/vdc/storage-systems/${systemId}/unmanaged/volumes?limit=2`);
    expect(first.body.unmanaged_volume).toHaveLength(2);
    expect(await names(`/vdc/storage-systems/${systemId}/unmanaged/volumes?limit=2&cursor=${first.body.next_cursor}`)).toEqual([
      'their-n3',
    ]);
    const page = await get(`/vdc/storage-pools/${poolIdOf(1)}/unmanaged/volumes?limit=1`);
    expect(page.body.next_cursor).toBe('n1');
  });

  it('are not for tenants', async () => {
    expect(await world.send('GET', `/vdc/storage-systems/${systemId}/unmanaged/volumes`, { as: 'tina' })).toMatchObject({ status: 403 });
  });

  it('are forgotten with their provider', async () => {
    await theirs('n1');
    see('n2', 'ours', { name: '', poolNativeId: '' });
    await keepSeen();
    world.rows.seed('Inventory', [{ pk: 'ARRAY#array-1', sk: 'ARRAY', providerId }]);
    expect((await world.send('POST', `/vdc/storage-providers/${providerId}/deactivate`, { as: 'root' })).status).toBe(200);
    expect(world.row(unmanagedIdOf('array-1', 'n1'))).toBeUndefined();
    expect(world.rows.all('Inventory').filter(({ pk }) => pk.startsWith('SEEN#'))).toEqual([]);
  });
});

describe('the differences of a provider', () => {
  it('are drift, what is missing, orphans and books that do not add up', async () => {
    const [drifted = '', missing = ''] = await madeVolumes(world, { count: 2 });
    const nativeOf = (id: string) => String(world.row(id)?.['nativeId']);
    const drift = { since: startedAt, differences: [{ field: 'name', recorded: 'a', found: 'b' }] };
    await world.rows.transact([
      { do: 'update', table: 'Inventory', key: resourceKey(drifted), set: { drift } },
      { do: 'update', table: 'Inventory', key: resourceKey(missing), set: { visibility: 'not-visible', notVisibleSince: startedAt } },
      {
        do: 'update',
        table: 'Inventory',
        key: resourceKey(poolIdOf(1)),
        set: { capacityDifference: { since: startedAt, bytes: 8, thickBytes: 0 } },
      },
      {
        do: 'update',
        table: 'Inventory',
        key: resourceKey(providerId),
        set: { ageingStopped: { since: startedAt, missing: 12, known: 20 } },
      },
    ]);
    see(nativeOf(drifted), 'drifted', { name: 'b' });
    see(nativeOf(missing), 'missing');
    await theirs('zz-orphan', {}, 'orphan');
    await world.rows.transact([
      { do: 'update', table: 'Inventory', key: resourceKey(unmanagedIdOf('array-1', 'zz-orphan')), set: { keptBecause: 'it is mapped' } },
    ]);
    await theirs('zz-theirs');
    see('zz-unread', 'orphan', { name: 'x' });
    await keepSeen();
    const { body } = await get(`/vdc/storage-providers/${providerId}/differences`);
    expect(body.difference).toMatchObject([
      { kind: 'drifted', volume: { id: drifted }, since: startedAt, drift: drift.differences },
      { kind: 'missing', volume: { id: missing }, since: startedAt },
      {
        kind: 'orphan',
        name: 'their-zz-orphan',
        unmanaged_volume: { id: unmanagedIdOf('array-1', 'zz-orphan') },
        kept_because: 'it is mapped',
      },
      { kind: 'orphan', name: 'x' },
    ]);
    expect(body.capacity_difference).toMatchObject([{ storage_pool: { id: poolIdOf(1) }, bytes: 8 }]);
    expect(body.ageing_stopped).toEqual({ since: startedAt, missing: 12, known: 20 });
    expect((await get(`/vdc/storage-providers/${providerId}/differences?limit=1`)).body).toMatchObject({ next_cursor: nativeOf(drifted) });
    const tenants = await world.send('GET', `/block/volumes/${missing}`, { as: 'tina' });
    expect(tenants.body).toMatchObject({ discovery_status: 'NOTVISIBLE', not_visible_since: startedAt });
    expect((await world.send('GET', `/block/volumes/${drifted}`, { as: 'tina' })).body).toMatchObject({
      discovery_status: 'VISIBLE',
      drift,
    });
  });

  it('are none where all is as recorded', async () => {
    expect((await get(`/vdc/storage-providers/${providerId}/differences`)).body).toEqual({ difference: [], capacity_difference: [] });
  });
});

describe('accepting what is missing', () => {
  const accept = (query = '', as: 'admin' | 'monitor' = 'admin') =>
    world.send('POST', `/vdc/storage-providers/${providerId}/accept-missing${query}`, { as });
  const stop = (set: Record<string, string> = {}) =>
    world.rows.transact([
      {
        do: 'update',
        table: 'Inventory',
        key: resourceKey(providerId),
        set: { ageingStopped: { since: startedAt, missing: 12, known: 20 }, ...set },
      },
    ]);

  it('discovers again, believing so many, and keeps who has accepted it', async () => {
    await stop();
    expect(await accept('?dry_run=true')).toMatchObject({ status: 200, body: { plan: { accept_missing: 12 } } });
    expect(world.started).toEqual([]);
    expect(await accept()).toMatchObject({ status: 202, body: { state: 'pending' } });
    expect(world.started).toMatchObject([{ workflow: 'discover-provider' }]);
    expect(world.rows.all('Tasks').find(({ sk }) => sk === 'OPERATION')).toMatchObject({ plan: { providerId, acceptMissing: 12 } });
    const events = world.rows.all('History').filter(({ pk }) => pk === providerId);
    expect(events).toMatchObject([{ actor: 'admin', after: { ageingStopped: { missing: 12, acceptedBy: 'admin' } } }]);
  });

  it('is refused while nothing is to be accepted, while a discovery runs, and to whoever may only look', async () => {
    expect(await accept()).toMatchObject({ status: 400, body: { code: 1012 } });
    await stop({ activeTaskId: 'urn:storageos:Task:00000000-0000-4000-8000-000000000001:vdc1' });
    expect(await accept()).toMatchObject({ status: 400, body: { code: 1056 } });
    expect((await accept('', 'monitor')).status).toBe(403);
  });
});
