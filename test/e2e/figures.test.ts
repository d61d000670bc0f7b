import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Usage } from '../../local/ports.ts';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, startLive } from '../support/live.ts';

/** What an operation may use; counted, so that a change that makes it dearer fails. */

let live: Live;
let estate: Estate;

beforeAll(async () => {
  live = await startLive({ simulators: [{ apiVersion: '3.6' }] });
  estate = await anEstate(live);
});
afterAll(() => live.close());

const sum = (usage: Readonly<Record<string, Usage>>, which: RegExp, field: keyof Usage): number =>
  Object.entries(usage)
    .filter(([caller]) => which.test(caller))
    .reduce((total, [, used]) => total + used[field], 0);

const counted = async (work: () => Promise<void>) => {
  const calls = () => live.simulators.reduce((total, simulator) => total + simulator.log.counts().total, 0);
  const [before, callsBefore] = [structuredClone(live.host.meter.snapshot()), calls()];
  await work();
  const after = live.host.meter.snapshot();
  const grown = (which: RegExp, field: keyof Usage): number => sum(after, which, field) - sum(before, which, field);
  return {
    transitions: grown(/Workflows/, 'transitions'),
    lambdaRuns: grown(/Control|Driver/, 'lambdaRuns'),
    writeUnits: grown(/Api|Control/, 'writeUnits'),
    gatewayCalls: calls() - callsBefore,
  };
};

describe('creating a volume', () => {
  it('takes at most 4 transitions, 2 Lambda runs beside the API’s, 3 gateway calls beside the check of the array’s id, and 29 write units', async () => {
    const used = await counted(async () => {
      const [task] = await live.finishedAll(await live.post('/block/volumes', volumeOrder(estate)));
      expect(task.state).toBe('ready');
    });
    expect(used).toEqual({ transitions: 2, lambdaRuns: 2, writeUnits: 29, gatewayCalls: 3 + 1 });
  });
});
