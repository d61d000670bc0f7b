import { describe, expect, it } from 'vitest';
import { findOperation } from '../../../../core/operation/store.ts';
import type { DriverFailure } from '../../../../drivers/sdk/errors.ts';
import { runStep, stepRunner } from '../../../../functions/control/run-step.ts';
import {
  answered,
  type ControlWorld,
  controlWorld,
  failed,
  operationId,
  ScriptedDrivers,
  twoStepHandlers,
  twoSteps,
} from '../../../support/control.ts';

const runners = { 'test-workflow': stepRunner({ workflow: twoSteps, steps: twoStepHandlers }) };

const step = (world: ControlWorld) =>
  runStep(runners, world, { workflow: 'test-workflow', operationId, execution: operationId, phase: 'run', step: 'EnsureVolumes' });

const done = () => answered({ items: [{ ref: 'v1', status: 'done', outcome: 'made' }] });
const rejection: DriverFailure = { name: 'DriverRejected', code: 'space.exhausted', message: 'pool1 is full', nativeCode: '300' };

const farAway = 4_000_000_000;

const hold = (world: ControlWorld, n: number, { holder = 'others', leaseUntilSeconds = farAway } = {}) =>
  world.rows.transact([{ do: 'put', table: 'Coordination', row: { pk: 'SLOTS#array-1', sk: `SLOT#00${n}`, holder, leaseUntilSeconds } }]);

const holdAll = async (world: ControlWorld, of: (n: number) => { holder?: string; leaseUntilSeconds?: number } = () => ({})) => {
  for (let n = 0; n < 8; n += 1) await hold(world, n, of(n));
};

const held = async (world: ControlWorld) =>
  (await world.rows.query({ table: 'Coordination', pk: 'SLOTS#array-1' })).rows.map(({ sk }) => sk);

const stateOf = async (world: ControlWorld) => (await findOperation(world.rows, operationId))?.state;

describe('the slots of an array', () => {
  it('are given back, whether the driver succeeds or fails', async () => {
    const world = await controlWorld(new ScriptedDrivers(() => failed(rejection), done));
    await expect(step(world)).rejects.toThrow('pool1 is full');
    await step(world);
    expect(await held(world)).toEqual([]);
  });

  it('are waited for briefly, then the array is said to be busy', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await holdAll(world);
    await expect(step(world)).rejects.toMatchObject({ name: 'DriverBusy' });
    expect(world.drivers.verbs).toEqual([]);
  });

  it('are free again when their holder is long gone', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await holdAll(world, () => ({ leaseUntilSeconds: 1 }));
    await step(world);
    expect(await stateOf(world)).toBe('committed');
  });

  it('that an earlier attempt held when it died are gone on with at once, and not left behind', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    await holdAll(world, (n) => (n === 5 ? { holder: `${operationId}-r1/call` } : {}));
    await step(world);
    expect(await held(world)).toEqual([0, 1, 2, 3, 4, 6, 7].map((n) => `SLOT#00${n}`));
    expect(await stateOf(world)).toBe('committed');
  });

  it('that somebody else was faster to take are left to him', async () => {
    const world = await controlWorld(new ScriptedDrivers(done));
    const { query } = world.rows;
    let isFirst = true;
    world.rows.query = async (page) => {
      const answer = await query.call(world.rows, page);
      if (page.pk === 'SLOTS#array-1' && isFirst) {
        isFirst = false;
        await holdAll(world, (n) => (n === 3 ? { leaseUntilSeconds: 1 } : {}));
      }
      return answer;
    };
    await step(world);
    expect(await held(world)).toHaveLength(7);
    expect(await stateOf(world)).toBe('committed');
  });
});
