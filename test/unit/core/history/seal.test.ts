import { describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import { newSeal, type Seal, sealOf, sealWrite } from '../../../../core/history/seal.ts';
import { sealNext } from '../../../../core/history/seal-next.ts';
import { ulidFloor, ulidTimeMs } from '../../../../core/history/ulid-time.ts';
import { verifyHistory } from '../../../../core/history/verify.ts';
import { randomIds } from '../../../../platform/aws/ids.ts';
import { beganMs, groupIdOf, HistoryWorld } from '../../../support/history-world.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

const sealAll = async (world: HistoryWorld): Promise<number> => {
  let count = 0;
  while (await sealNext(world.rows, world.nowMs)) count += 1;
  return count;
};

/** An installation made two minutes before midnight, with a change every 50 seconds. */
const lived = async (changes: number, tick: (world: HistoryWorld) => Promise<unknown> = async () => undefined): Promise<HistoryWorld> => {
  const world = new HistoryWorld();
  const createdAt = world.at;
  const rootTenantId = 'root';
  world.rows.seed('Inventory', [{ pk: 'INSTALLATION', sk: 'INSTALLATION', mark: 'abc123', rootTenantId, epoch: 1, createdAt }]);
  await world.create(1);
  for (let n = 1; n < changes; n += 1) {
    world.nowMs += 50_000;
    await world.change(1, () => ({ tags: [`tag-${n}`] }));
    await tick(world);
  }
  return world;
};

const sealsOf = (world: HistoryWorld): Seal[] =>
  world.rows
    .all('History')
    .filter(({ pk }) => pk === 'SEAL')
    .map(sealOf);

const verify = (world: HistoryWorld, change: { fromMs?: number; toMs?: number } = {}) =>
  verifyHistory(world.rows, { fromMs: 0, toMs: world.nowMs, nowMs: world.nowMs, ...change });

const eventsOf = (world: HistoryWorld): Row[] => world.rows.all('History').filter(({ pk }) => pk === groupIdOf(1));

const remove = (world: HistoryWorld, { pk, sk }: Row): Promise<void> =>
  world.rows.transact([{ do: 'delete', table: 'History', key: { pk, sk } }]);

/** The event in the middle. */
const middle = (world: HistoryWorld): Row => {
  const events = eventsOf(world);
  const event = events[Math.floor(events.length / 2)];
  if (!event) throw new Error('no event');
  return event;
};

describe('sealing', () => {
  it('is done every five minutes, up to what is two minutes old', async () => {
    const world = await lived(1);
    world.nowMs = beganMs + 5 * minuteMs;
    expect(await sealNext(world.rows, world.nowMs)).toBeUndefined();
    world.nowMs = beganMs + 6 * minuteMs;
    expect(await sealNext(world.rows, world.nowMs)).toMatchObject({ to: ulidFloor(beganMs + 4 * minuteMs), count: 1, previousHash: '' });
    world.nowMs += 4 * minuteMs;
    expect(await sealNext(world.rows, world.nowMs)).toBeUndefined();
  });

  it('covers every event once, over midnight and however the ticks fall, and each seal leads to the one before', async () => {
    const world = await lived(60, sealAll);
    world.nowMs += 10 * minuteMs;
    await sealAll(world);
    const seals = sealsOf(world);
    expect(seals.reduce((sum, { count }) => sum + count, 0)).toBe(60);
    for (const [n, seal] of seals.entries())
      expect([seal.from, seal.previousHash]).toEqual([seals[n - 1]?.to ?? seal.from, seals[n - 1]?.hash ?? '']);
  });

  it('catches up after an outage of days, in stretches of a day, and of many events in several seals', async () => {
    const world = await lived(1);
    for (let n = 0; n < 1200; n += 1) {
      world.nowMs += 10;
      await world.change(1, () => ({ tags: [`tag-${n}`] }));
    }
    world.nowMs += 3 * dayMs;
    expect(await sealAll(world)).toBeGreaterThanOrEqual(5);
    const counts = sealsOf(world).map(({ count }) => count);
    expect([Math.max(...counts), counts.reduce((sum, count) => sum + count, 0)]).toEqual([500, 1201]);
    expect(await verify(world)).toMatchObject({ events: 1201, seals: counts.length });
  });

  it('is done once for a stretch, whoever is first', async () => {
    const world = await lived(10);
    world.nowMs += 10 * minuteMs;
    const twice = await Promise.allSettled([sealNext(world.rows, world.nowMs), sealNext(world.rows, world.nowMs + 1)]);
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(sealsOf(world)).toHaveLength(1);
  });

  it('has nothing to do before the first login', async () => {
    expect(await sealNext(new HistoryWorld().rows, beganMs)).toBeUndefined();
  });
});

const sealed = async (): Promise<HistoryWorld> => {
  const world = await lived(60, sealAll);
  world.nowMs += 10 * minuteMs;
  await sealAll(world);
  return world;
};

describe('verifying', () => {
  it('finds a history as it was sealed intact', async () => {
    const world = await sealed();
    const found = await verify(world);
    expect(found.difference).toBeUndefined();
    expect(found).toMatchObject({ events: 60, lastHash: sealsOf(world).at(-1)?.hash });
  });

  it('says which event was altered', async () => {
    const world = await sealed();
    const event = middle(world);
    world.rows.seed('History', [{ ...event, actor: 'somebody else' }]);
    const { difference } = await verify(world);
    expect(difference).toMatchObject({ what: 'eventAltered', eventId: event.sk, resourceId: event.pk });
    expect(difference && difference.from <= String(event['at']) && String(event['at']) < difference.to).toBe(true);
  });

  it('says between which events one is missing', async () => {
    const world = await sealed();
    const event = middle(world);
    const events = eventsOf(world);
    const next = events[events.findIndex(({ sk }) => sk === event.sk) + 1];
    await remove(world, event);
    expect((await verify(world)).difference).toMatchObject({ what: 'eventMissing', details: expect.stringContaining(String(next?.sk)) });
  });

  it('says which event was added', async () => {
    const world = await sealed();
    const event = middle(world);
    const sk = randomIds(() => ulidTimeMs(event.sk) + 1).ulid();
    world.rows.seed('History', [{ ...event, sk, daySk: `${sk}#${event.pk}` }]);
    expect((await verify(world)).difference).toMatchObject({ what: 'eventAdded', eventId: sk });
  });

  it.each<{ what: string; act: (world: HistoryWorld, row: Row) => Promise<void> | void }>([
    { what: 'sealMissing', act: (world, row) => remove(world, row) },
    { what: 'sealAltered', act: (world, row) => world.rows.seed('History', [{ ...row, hash: 'f'.repeat(64) }]) },
    { what: 'sealAltered', act: (world, row) => world.rows.seed('History', [{ ...row, digests: '' }]) },
  ])('notices a seal that was tampered with: $what', async ({ what, act }) => {
    const world = await sealed();
    const row = world.rows.all('History').filter(({ pk }) => pk === 'SEAL')[1];
    if (!row) throw new Error('no seal');
    await act(world, row);
    const { difference } = await verify(world);
    expect(difference).toMatchObject({ what });
  });

  it('notices events that were altered together with their seal, by the seal after it', async () => {
    const world = await sealed();
    const [, seal] = sealsOf(world);
    const events = eventsOf(world).filter(({ sk }) => seal && sk >= seal.from && sk < seal.to);
    const forged = events.map((event) => ({ ...event, actor: 'somebody else' }));
    const resealed = seal && sealWrite(newSeal(seal, forged, seal.sealedAt));
    world.rows.seed('History', [...forged, ...(resealed?.do === 'put' ? [resealed.row] : [])]);
    expect((await verify(world)).difference).toMatchObject({ what: 'sealAltered' });
  });

  it('notices that the beginning was cut off', async () => {
    const world = await sealed();
    const first = world.rows.all('History').find(({ pk }) => pk === 'SEAL');
    if (first) await remove(world, first);
    expect((await verify(world)).difference).toMatchObject({ what: 'sealMissing' });
  });

  it('looks at a part, and does not mind what is outside it', async () => {
    const world = await sealed();
    const [first] = eventsOf(world);
    if (first) world.rows.seed('History', [{ ...first, actor: 'somebody else' }]);
    expect((await verify(world, { fromMs: beganMs + 40 * minuteMs })).difference).toBeUndefined();
    expect((await verify(world, { toMs: beganMs + 10 * minuteMs })).difference).toMatchObject({ what: 'eventAltered', eventId: first?.sk });
  });

  it('does not call missing what has expired', async () => {
    const world = await sealed();
    world.nowMs += 401 * dayMs;
    for (const event of eventsOf(world)) await remove(world, event);
    expect((await verify(world)).difference).toBeUndefined();
  });

  it('says where to go on when a period is too long for one answer', async () => {
    const world = await lived(1);
    for (let n = 0; n < 400; n += 1) {
      world.nowMs += 8 * minuteMs;
      await sealAll(world);
    }
    const first = await verify(world);
    expect(first).toMatchObject({ seals: 300 });
    const rest = await verify(world, { fromMs: Date.parse(first.nextFrom ?? '') });
    expect(first.seals + rest.seals).toBe(sealsOf(world).length);
    expect(rest.nextFrom).toBeUndefined();
  });
});
