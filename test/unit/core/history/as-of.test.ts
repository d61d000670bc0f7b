import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../../core/change.ts';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { resourceAsOf, rowsAsOf } from '../../../../core/history/as-of.ts';
import { momentOf } from '../../../../core/history/moment.ts';
import { listPk } from '../../../../core/inventory/listings.ts';
import { listStubs } from '../../../../core/inventory/read.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import type { ExportGroup } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import { beganMs, groupIdOf, HistoryWorld, projectId, tenantId } from '../../../support/history-world.ts';

const groups = [1, 2, 3];

const volumes = fc
  .uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 5 })
  .map((numbers) => numbers.map((n) => ({ id: `volume-${n}`, lun: n })));

const patch: fc.Arbitrary<(group: ExportGroup) => Partial<ExportGroup>> = fc.oneof(
  volumes.map((next) => () => ({ volumes: next })),
  volumes.map((more) => (group: ExportGroup) => ({
    volumes: [...group.volumes, ...more.filter(({ id }) => !group.volumes.some((one) => one.id === id))],
  })),
  fc.uniqueArray(fc.constantFrom('prod', 'test', 'gold'), { maxLength: 3 }).map((tags) => () => ({ tags })),
  fc.constantFrom('ready', 'updating', 'error').map((state) => () => ({ state: state as ExportGroup['state'] })),
  fc.boolean().map((locked) => () => ({ activeTaskId: locked ? 'task' : undefined })),
  fc.constantFrom('a', 'b').map((name) => () => ({ name })),
  fc.boolean().map((inactive) => () => ({ inactive, state: inactive ? ('deleted' as const) : ('ready' as const) })),
);

const step = fc.record({
  n: fc.constantFrom(...groups),
  passesMs: fc.integer({ min: 1, max: 90_000 }),
  skewMs: fc.constantFrom(0, 0, 4000, -4000),
  act: fc.oneof({ weight: 6, arbitrary: patch }, { weight: 1, arbitrary: fc.constant('forget' as const) }),
});

/** What history keeps of a row. */
const kept = (row: Row | undefined) => {
  const { activeTaskId, version, ...rest }: Readonly<Record<string, unknown>> = row ?? {};
  return rest;
};

const wholeList = async (rows: Rows): Promise<string[]> => {
  const { stubs } = await listStubs(rows, { type: 'ExportGroup', scope: projectId });
  return stubs.map(({ id, name }) => `${name} ${id}`).sort();
};

const pagedList = async (rows: Rows): Promise<string[]> => {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listStubs(rows, { type: 'ExportGroup', scope: projectId }, { limit: 1, cursor });
    found.push(...page.stubs.map(({ id, name }) => `${name} ${id}`));
    cursor = page.cursor;
  } while (cursor);
  return found.sort();
};

const snapshot = async (rows: Rows) => ({
  rows: (await rows.getMany('Inventory', groups.map(groupIdOf).map(resourceKey))).map(kept),
  list: await wholeList(rows),
});

/** Groups want each other's names, also those of removed ones. */
const unlessTaken = (error: unknown): void => {
  if (!(error instanceof ControlPlaneError && error.code === 'resource.nameTaken')) throw error;
};

const play = async (world: HistoryWorld, { n, act }: { n: number; act: 'forget' | ((group: ExportGroup) => Partial<ExportGroup>) }) => {
  if (!(await world.group(n))) await world.create(n);
  else if (act === 'forget') await world.forget(n);
  else await world.change(n, act).catch(unlessTaken);
};

describe('as of any time', () => {
  it('resources and their list are as they were then, whatever happened since and whatever the clocks of the writers say', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const world = new HistoryWorld();
        const then = [{ at: new Date(beganMs - 1).toISOString(), state: await snapshot(world.rows) }];
        for (const { passesMs, skewMs, ...what } of steps) {
          world.nowMs += passesMs;
          world.skewMs = skewMs;
          await play(world, what);
          then.push({ at: world.at, state: await snapshot(world.rows) });
        }
        for (const { at, state } of then) {
          const past = rowsAsOf(world.rows, at);
          expect(await snapshot(past)).toEqual(state);
          expect(await pagedList(past)).toEqual(state.list);
        }
      }),
      { numRuns: 150 },
    ));

  it('a change of ninety volumes is undone, and the event of one more volume stays small', async () => {
    const world = new HistoryWorld();
    const many = Array.from({ length: 90 }, (_, n) => ({
      id: `urn:storageos:Volume:00000000-0000-4000-8000-${String(n).padStart(12, '0')}:vdc1`,
      lun: n,
    }));
    await world.create(1);
    world.nowMs += 1000;
    await world.change(1, () => ({ volumes: many }));
    const full = world.at;
    world.nowMs += 1000;
    await world.change(1, (group) => ({ volumes: [...group.volumes, { id: 'one-more', lun: 1 }] }));
    const newest = world.rows.all('History').at(-1);
    expect(JSON.stringify(newest).length).toBeLessThan(1000);
    world.nowMs += 1000;
    await world.change(1, () => ({ volumes: [], inactive: true }));
    const group = await resourceAsOf(world.rows, 'system', { type: 'ExportGroup', id: groupIdOf(1), at: full });
    expect(group.volumes).toEqual(many);
  });

  it('is an error with a sentence, not a wrong answer, where a change was too large to be kept', async () => {
    const world = new HistoryWorld();
    await world.create(1);
    await world.change(1, () => ({ varrayId: 'x'.repeat(20_000) }));
    const before = world.at;
    world.nowMs += 1000;
    await world.change(1, () => ({ varrayId: 'east' }));
    const asked = resourceAsOf(world.rows, 'system', { type: 'ExportGroup', id: groupIdOf(1), at: before });
    await expect(asked).rejects.toMatchObject({
      code: 'history.incomplete',
      message: expect.stringContaining('too large to be kept whole'),
    });
  });

  it('tells apart what was not there yet and what never was', async () => {
    const world = new HistoryWorld();
    await world.create(1);
    const asOf = (n: number) =>
      resourceAsOf(world.rows, 'system', { type: 'ExportGroup', id: groupIdOf(n), at: new Date(beganMs - 1000).toISOString() });
    await expect(asOf(1)).rejects.toMatchObject({ code: 'resource.notFound', message: expect.stringContaining('did not exist yet') });
    await expect(asOf(2)).rejects.toMatchObject({ code: 'resource.notFound' });
  });

  it('shows a tenant nothing of another one', async () => {
    const world = new HistoryWorld();
    await world.create(1);
    const reference = { type: 'ExportGroup', id: groupIdOf(1), at: world.at } as const;
    await expect(resourceAsOf(world.rows, { tenantId: 'other' }, reference)).rejects.toMatchObject({ code: 'resource.notFound' });
    await expect(resourceAsOf(world.rows, { tenantId }, reference)).resolves.toMatchObject({ name: 'group-1' });
  });
});

describe('the store as of a time', () => {
  const past = rowsAsOf(new HistoryWorld().rows, new Date(beganMs).toISOString());

  it('refuses what history does not keep: tags, mappings, lists of a host', async () => {
    const lists = ['TAG#all#Volume#pr', listPk('urn:storageos:Host:1:vdc1', 'ExportGroup')];
    for (const pk of lists)
      await expect(past.query({ table: 'Inventory', pk })).rejects.toMatchObject({ code: 'request.parameterInvalid' });
    await expect(past.get('Inventory', { pk: 'v', sk: 'EXPORT#1' })).rejects.toMatchObject({ code: 'request.parameterInvalid' });
  });

  it('cannot be written', async () => {
    await expect(past.transact([])).rejects.toThrow('the past cannot be changed');
  });

  it('takes no cursor of another list', async () => {
    const query = past.query({ table: 'Inventory', pk: listPk(projectId, 'ExportGroup'), cursor: 'eyJhIjoxfQ' });
    await expect(query).rejects.toMatchObject({ code: 'request.parameterInvalid' });
  });
});

describe('a time that is asked for', () => {
  const nowMs = Date.parse('2026-03-01T12:00:00.000Z');

  it('is taken with any offset', () => {
    expect(momentOf('2026-03-01T12:00:00+01:00', nowMs)).toBe('2026-03-01T11:00:00.000Z');
    expect(momentOf('2026-03-01T12:00:00Z', nowMs)).toBe('2026-03-01T12:00:00.000Z');
  });

  it.each([
    ['in the future', '2026-03-01T12:00:00.001Z'],
    ['longer ago than history is kept', '2024-01-01T00:00:00Z'],
  ])('is refused when it is %s', (_why, text) => {
    expect(() => momentOf(text, nowMs)).toThrow(
      expect.objectContaining({ code: 'request.outOfRange', message: expect.stringContaining(text) }),
    );
  });
});
