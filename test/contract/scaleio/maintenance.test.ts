import { afterEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { SeedInput } from '../../../drivers/scaleio/simulator/seed-schema.ts';
import { type Bench, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import type { MaintenanceState } from '../../../drivers/sdk/verbs/operate.ts';
import type { ItemAnswer } from '../../../drivers/sdk/verbs.ts';
import { controlOf, type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

let target: StartedTarget;
let bench: Bench;

const start = async (seed: SeedInput = defaultSeed): Promise<void> => {
  target = await startTarget({ apiVersion: '3.6', seed });
  bench = await openBench(target);
};
afterEach(() => target.simulator.close());

const itemOf = (name: string) => {
  const nativeId = bench.ports.find((port) => port.name === name)?.nativeId ?? '';
  return { ref: name, component: { type: 'port' as const, nativeId, expectedName: name } };
};

type Verb = 'checkMaintenance' | 'enterMaintenance' | 'exitMaintenance';

const ask = async (verb: Verb, ...names: readonly string[]): Promise<readonly ItemAnswer<MaintenanceState>[]> =>
  bench.items(verb, { items: names.map(itemOf) });

const codesOf = ([item]: readonly ItemAnswer<MaintenanceState>[]) => item?.observed?.blockers.map(({ code }) => code);

const disconnect = (sds: string) => controlOf(target.simulator)('POST', `/sdss/${sds}/connection`, { connected: false });

describe('taking a server out of service', () => {
  it('is allowed while all else is healthy, found the second time, and taken back', async () => {
    await start();
    expect(await ask('checkMaintenance', 'sds1')).toMatchObject([{ observed: { phase: 'inService', blockers: [] } }]);
    expect(await ask('enterMaintenance', 'sds1')).toMatchObject([
      { status: 'done', outcome: 'made', observed: { phase: 'inMaintenance' } },
    ]);
    expect(await ask('enterMaintenance', 'sds1')).toMatchObject([{ status: 'done', outcome: 'found' }]);
    expect(await ask('checkMaintenance', 'sds1')).toMatchObject([{ observed: { phase: 'inMaintenance', blockers: [] } }]);
    expect(await ask('exitMaintenance', 'sds1')).toMatchObject([{ status: 'done', outcome: 'made', observed: { phase: 'inService' } }]);
    expect(await ask('exitMaintenance', 'sds1')).toMatchObject([{ status: 'done', outcome: 'found' }]);
  });

  it('goes on inside the array when it takes long', async () => {
    await start({ ...defaultSeed, behaviour: { maintenanceSeconds: 30 } });
    for (const [verb, phase] of [
      ['enterMaintenance', 'entering'],
      ['exitMaintenance', 'exiting'],
    ] as const) {
      expect(await ask(verb, 'sds1')).toMatchObject([{ status: 'inProgress', error: { facts: { phase } } }]);
      expect(await ask(verb, 'sds1')).toMatchObject([{ status: 'inProgress' }]);
      target.simulator.advanceClock(30);
      expect(await ask(verb, 'sds1')).toMatchObject([{ status: 'done', outcome: 'found' }]);
    }
  });

  it('is refused for a second server of the same system, also within one batch', async () => {
    await start();
    const [first, second] = await ask('enterMaintenance', 'sds1', 'sds2');
    expect(first).toMatchObject({ status: 'done' });
    expect(second).toMatchObject({
      status: 'rejected',
      error: { code: 'array.busy', facts: { blockers: expect.stringContaining('port.inMaintenance') } },
    });
    expect(target.simulator.log.changes()).toHaveLength(1);
  });

  it('is refused while another server is away, or data is not whole, saying why', async () => {
    await start();
    await bench.make({ provisioningType: 'thick' });
    await disconnect('sds2');
    expect(codesOf(await ask('checkMaintenance', 'sds1'))).toEqual(expect.arrayContaining(['port.unhealthy', 'pool.degraded']));
    expect(await ask('enterMaintenance', 'sds1')).toMatchObject([{ status: 'rejected', error: { code: 'array.busy' } }]);
    expect(target.simulator.log.changes().filter(({ verb }) => verb.includes('Maintenance'))).toEqual([]);
  });

  it('is refused for a server that is itself away, and where there are too few', async () => {
    await start({ ...defaultSeed, sdss: defaultSeed.sdss?.slice(0, 2) ?? [], devices: defaultSeed.devices?.slice(0, 4) ?? [] });
    expect(codesOf(await ask('checkMaintenance', 'sds1'))).toEqual(['ports.tooFew']);
    await disconnect('sds1');
    expect(codesOf(await ask('checkMaintenance', 'sds1'))).toContain('port.unhealthy');
  });

  it('of a server that is gone: a look finds nothing, a change is refused', async () => {
    await start();
    const items = [{ ref: 'gone', component: { type: 'port' as const, nativeId: '00000000deadbeef', expectedName: 'sds9' } }];
    const [looked] = await bench.items('checkMaintenance', { items });
    expect(looked).toMatchObject({ status: 'done' });
    expect(looked).not.toHaveProperty('observed');
    expect(await bench.items('enterMaintenance', { items })).toMatchObject([{ status: 'rejected', error: { code: 'object.missing' } }]);
  });
});
