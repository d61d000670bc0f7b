import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../core/change.ts';
import { generateSeed } from '../../drivers/scaleio/simulator/generate.ts';
import { createClock } from '../../local/clock/clock.ts';
import { type Measured, measured, type Subject } from '../bench/counted.ts';
import { operatorRows } from '../bench/store.ts';
import { adopt, isUnmanagedRow } from '../support/adopted-volumes.ts';
import { registration } from '../support/estate.ts';
import { type Live, startLive } from '../support/live.ts';
import { type Stored, type StoredRow, storedIn } from '../workflow/faults/stored.ts';

/** What a rediscovery of many volumes uses; counted, so that a change that makes it dearer fails. */

const volumes = 2000;
const ours = 1000;
const changed = 20;

/** Real time, which may be advanced: what was written seconds ago is not judged. */
const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false });
let live: Live;
let stored: Stored;
let first: Measured;
let unchanged: Measured & { readonly written: readonly string[] };
let onePercent: Measured & { readonly written: readonly string[] };

const subjectOf = ({ get, post, finished, host, simulators }: Live): Subject => ({
  get,
  post,
  finished,
  usage: () => Promise.resolve(structuredClone(host.meter.snapshot())),
  gatewayCalls: () => Promise.resolve(simulators.reduce((total, simulator) => total + simulator.log.counts().total, 0)),
});

const inventory = async (): Promise<ReadonlyMap<string, string>> =>
  new Map((await stored.all('Inventory')).map((row: StoredRow) => [`${row.pk} ${row.sk}`, JSON.stringify(row, Object.keys(row).sort())]));

/** Discovers once more, a minute after what was written before; also what rows of resources were written, the provider's own apart. */
const rediscover = async (): Promise<Measured & { readonly written: readonly string[] }> => {
  await clock.advance(60_000);
  const { body } = await live.get('/vdc/storage-systems');
  const before = await inventory();
  const figures = await measured(subjectOf(live), `/vdc/storage-systems/${body.storage_system[0].id}/discover`);
  const after = await inventory();
  const written = [...after].filter(([key, row]) => before.get(key) !== row && !key.includes(':StorageProvider:')).map(([key]) => key);
  return { ...figures, written };
};

beforeAll(async () => {
  live = await startLive({ clock, simulators: [{ apiVersion: '3.6', seed: generateSeed({ volumes, sdcs: 20, sds: 3 }) }] });
  stored = await storedIn(live.host);
  const [simulator] = live.simulators;
  if (!simulator) throw new Error('there is a simulator');
  first = await measured(subjectOf(live), '/vdc/storage-providers', registration(simulator, 'large'));
  const found = (await stored.all('Inventory')).filter(isUnmanagedRow);
  const native = found.filter((row) => row['kind'] === 'volume').slice(0, ours);
  await adopt(await operatorRows(live.host), native as Row[]);
  await rediscover();
  unchanged = await rediscover();
  for (const [n, { id }] of [...simulator.state.volumes.values()].slice(0, changed).entries())
    await fetch(`${simulator.controlUrl}/volumes/${id}/rename`, { method: 'POST', body: JSON.stringify({ name: `renamed-${n}` }) });
  onePercent = await rediscover();
});
afterAll(async () => {
  stored.close();
  await live.close();
});

describe(`discovering an array with ${volumes} volumes`, () => {
  it('stores each of others by one row, and notes them in few', async () => {
    const rows = await stored.all('Inventory');
    expect(rows.filter(isUnmanagedRow)).toHaveLength(volumes);
    expect(rows.filter(({ pk }) => pk.startsWith('SEEN#')).length).toBeLessThanOrEqual(256);
    expect(first.counted.gatewayCalls).toBeLessThan(25);
  });

  it('again, unchanged, writes no resource, and reads the array in bulk', () => {
    expect(unchanged.written).toEqual([]);
    const { transitions, lambdaRuns, gatewayCalls, writeUnits } = unchanged.counted;
    expect({ transitions, lambdaRuns }).toEqual({ transitions: 2, lambdaRuns: 3 });
    expect(gatewayCalls).toBeLessThanOrEqual(16);
    // Operation, task, provider, their index entries and history, and two slots: as without any volume.
    expect(writeUnits).toBeLessThanOrEqual(30);
    expect(unchanged.counted.readUnits).toBeLessThan(400);
  });

  it(`with ${changed} changed, writes those and where they are noted`, () => {
    const resources = onePercent.written.filter((key) => !key.startsWith('SEEN#'));
    expect(resources).toHaveLength(changed);
    expect(onePercent.counted.gatewayCalls).toBe(unchanged.counted.gatewayCalls);
    expect(onePercent.counted.writeUnits).toBeLessThan(unchanged.counted.writeUnits + 8 * changed);
  });
});
