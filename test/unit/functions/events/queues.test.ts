import { beforeEach, describe, expect, it } from 'vitest';
import type { QueueDepth } from '../../../../core/ports.ts';
import { handleEvent } from '../../../../functions/events/handle.ts';
import type { EventPorts } from '../../../../functions/events/ports.ts';
import { startedAt } from '../../../support/block-world.ts';
import { aHttpWorld, type HttpWorld } from '../../../support/http-world.ts';

let world: HttpWorld;
let ports: EventPorts;
let waiting: number;
let redriven: number;
let canRedrive: boolean;
beforeEach(() => {
  world = aHttpWorld();
  [waiting, redriven, canRedrive] = [0, 0, true];
  const dead = (): QueueDepth => ({ name: 'dead-jobs', waiting, inFlight: 0 });
  ports = {
    ...world.ports,
    clock: { now: () => world.nowMs },
    jobs: { send: async () => undefined },
    queues: {
      depths: async () => [{ name: 'jobs', waiting: 0, inFlight: 0 }, dead()],
      redrive: async () => {
        if (!canRedrive) throw new Error('throttled');
        redriven += 1;
        waiting = 0;
        return 1;
      },
    },
    count: () => undefined,
    storeName: 'tables',
    sleep: async () => undefined,
  };
});

const tick = () => handleEvent(ports, { source: 'aws.events' });
const show = async () => (await world.send('GET', '/config/queues', { as: 'monitor' })).body;
const order = (query = '') => world.send('POST', `/config/queues/jobs/redrive${query}`, { as: 'admin', body: {} });

describe('the queues', () => {
  it('are shown as the last tick saw them, with the time since which they are not empty', async () => {
    expect(await show()).toEqual({ queue: [], redrive_ordered: false });
    waiting = 2;
    await tick();
    world.nowMs += 60_000;
    waiting = 3;
    await tick();
    const { queue } = await show();
    expect(queue).toContainEqual({ name: 'dead-jobs', waiting: 3, in_flight: 0, since: startedAt });
    expect(queue).toContainEqual({ name: 'jobs', waiting: 0, in_flight: 0 });
    waiting = 0;
    await tick();
    expect((await show()).queue).toContainEqual({ name: 'dead-jobs', waiting: 0, in_flight: 0 });
  });

  it('cost no write while they stay as they are', async () => {
    await tick();
    const before = world.rows.transactions.length;
    await tick();
    expect(world.rows.transactions).toHaveLength(before);
  });
});

describe('a redrive', () => {
  it('is ordered, done once by the next tick, and then forgotten', async () => {
    waiting = 1;
    expect(await order()).toMatchObject({ status: 202, body: { redrive_ordered: true } });
    expect(await order()).toMatchObject({ status: 202 });
    expect((await show()).redrive_ordered).toBe(true);
    await tick();
    await tick();
    expect(redriven).toBe(1);
    expect(await show()).toMatchObject({
      redrive_ordered: false,
      queue: expect.arrayContaining([{ name: 'dead-jobs', waiting: 0, in_flight: 0 }]),
    });
  });

  it('that fails is tried again', async () => {
    canRedrive = false;
    await order();
    await expect(tick()).rejects.toThrow('throttled');
    canRedrive = true;
    await tick();
    expect(redriven).toBe(1);
  });

  it('is only planned by a dry run, and is of the jobs alone', async () => {
    expect((await order('?dry_run=true')).body).toMatchObject({ plan: { queue: 'jobs' } });
    expect((await show()).redrive_ordered).toBe(false);
    const other = await world.send('POST', '/config/queues/other/redrive', { as: 'admin', body: {} });
    expect(other).toMatchObject({ status: 404, body: { details: expect.stringContaining('there is jobs') } });
  });
});
