import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lifeOfVolumes, type Measured, measured, type Subject } from '../bench/counted.ts';
import { anEstate, registration } from '../support/estate.ts';
import { type Live, startLive } from '../support/live.ts';

/** What operations use; counted, so that a change that makes one dearer fails. */

let live: Live;
const operations = new Map<string, Measured>();

const subjectOf = ({ get, post, finished, host, simulators }: Live): Subject => ({
  get,
  post,
  finished,
  usage: () => Promise.resolve(structuredClone(host.meter.snapshot())),
  gatewayCalls: () => Promise.resolve(simulators.reduce((total, simulator) => total + simulator.log.counts().total, 0)),
});

const otherArray = { seed: { systemId: '7c11d0a2e94f3b56', domains: [{ name: 'pd1' }] } };

beforeAll(async () => {
  live = await startLive({ simulators: [{ apiVersion: '3.6' }, { apiVersion: '3.6', ...otherArray }] });
  const [first, second] = live.simulators;
  if (!first || !second) throw new Error('there are two simulators');
  const estate = await anEstate({ ...live, simulators: [first] });
  const hostId: string = (await live.get('/compute/hosts')).body.host[0].id;
  operations.set('register', await measured(subjectOf(live), '/vdc/storage-providers', registration(second, 'second')));
  await lifeOfVolumes(subjectOf(live), { estate, hostId }, (name, one) => operations.set(name, one));
});
afterAll(() => live.close());

const countedOf = (name: string) => {
  const { transitions = 0, lambdaRuns = 0, writeUnits = 0, gatewayCalls = 0 } = operations.get(name)?.counted ?? {};
  return { transitions, lambdaRuns, writeUnits, gatewayCalls };
};

/** Gateway calls are those beside logins, with one in each driver run that makes sure of the array's id. */
describe('an operation uses exactly', () => {
  it.each([
    ['register', { transitions: 2, lambdaRuns: 4, writeUnits: 38, gatewayCalls: 18 }],
    ['create 1 volume', { transitions: 2, lambdaRuns: 2, writeUnits: 28, gatewayCalls: 3 + 1 }],
    ['create 3 volumes', { transitions: 2, lambdaRuns: 2, writeUnits: 66, gatewayCalls: 7 + 1 }],
    ['create 12 volumes', { transitions: 2, lambdaRuns: 2, writeUnits: 232, gatewayCalls: 25 + 1 }],
    ['expand', { transitions: 2, lambdaRuns: 2, writeUnits: 24, gatewayCalls: 3 + 1 }],
    ['export 2 volumes', { transitions: 3, lambdaRuns: 4, writeUnits: 51, gatewayCalls: 8 + 2 }],
    ['unexport', { transitions: 2, lambdaRuns: 2, writeUnits: 50, gatewayCalls: 4 + 1 }],
    ['delete 3 volumes', { transitions: 2, lambdaRuns: 2, writeUnits: 74, gatewayCalls: 6 + 1 }],
  ])('to %s: %o', (name, figures) => {
    expect(countedOf(name)).toEqual(figures);
  });
});

describe('a dry run', () => {
  it.each(['create 1 volume', 'create 3 volumes', 'create 12 volumes', 'expand', 'export 2 volumes', 'unexport', 'delete 3 volumes'])(
    'tells what it takes to %s',
    (name) => {
      const { transitions, lambdaRuns, writeUnits } = countedOf(name);
      expect(operations.get(name)?.planned).toMatchObject({
        state_machine_transitions: transitions,
        lambda_runs: lambdaRuns + 1,
        write_units: writeUnits,
      });
    },
  );
});
