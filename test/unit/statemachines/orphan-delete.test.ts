import { describe, expect, it } from 'vitest';
import { orphanDeletePlan, removalWrites } from '../../../core/discovery/orphan-removal.ts';
import { foundUnmanaged, unmanagedWrites } from '../../../core/discovery/unmanaged.ts';
import { fromRow } from '../../../core/inventory/resource.ts';
import { unmanagedVolumeSchema } from '../../../core/inventory/schemas.ts';
import type { StepAnswers } from '../../../core/operation/steps.ts';
import { makeUrn } from '../../../core/urn.ts';
import { putTombstone, readTombstones, type Tombstone } from '../../../core/volume/tombstone.ts';
import { orphanDeleteSteps } from '../../../statemachines/orphan-delete/steps.ts';
import { anAuthor } from '../../support/author.ts';
import { observed, rejected } from '../../support/block-volumes.ts';
import { aProvider, aWorld, endStarted, gib, startedAt, tenantId, type World } from '../../support/block-world.ts';

const operationId = '00000000-0000-4000-8000-00000000abcd';
const names = ['left-1', 'left-2'] as const;
const tombstoneOf = (nativeName: string): Tombstone => ({
  ...{ nativeName, volumeId: makeUrn('Volume', operationId), operationId: 'failed', poolNativeId: 'sp-1', bytes: 8 * gib },
  ...{ provisioning: 'thin', notBefore: startedAt },
});

/** Two orphans, and the operation that is to remove them. */
const ordered = async (): Promise<{ world: World; ids: string[] }> => {
  const world = aWorld();
  const provider = aProvider();
  const orphans = [];
  for (const name of names) {
    const found = foundUnmanaged(observed(`native-${name}`, { name }), { providerId: provider.id, arrayId: 'array-1', bearsMark: true });
    await world.rows.transact(unmanagedWrites(found, undefined, startedAt));
    await world.rows.transact([putTombstone('array-1', tombstoneOf(name), startedAt)]);
    const row = world.row(found.id);
    if (row) orphans.push({ unmanaged: fromRow(unmanagedVolumeSchema, row), tombstone: tombstoneOf(name) });
  }
  const removal = { operationId, provider, orphans, tenantId, epoch: 1, correlationId: 'c' };
  await world.rows.transact(removalWrites(removal, anAuthor({ actor: 'discovery', ulid: world.ports.ids.ulid })));
  world.started.push({ workflow: 'orphan-delete', execution: operationId, input: { operationId } });
  return { world, ids: orphans.map(({ unmanaged }) => unmanaged.id) };
};

const gone = (ref: string): StepAnswers[number] => ({ ref, status: 'done', outcome: 'made' });
const tombstones = async (world: World) => [...(await readTombstones(world.rows, 'array-1')).values()];

describe('orphans that are removed', () => {
  it('are named to the driver as they were planned, with the time before which they cannot have come', async () => {
    const { world, ids } = await ordered();
    const row = world.rows.all('Tasks').find(({ sk }) => sk === 'PLAN') ?? world.rows.all('Tasks').find(({ sk }) => sk === 'OPERATION');
    const plan = orphanDeletePlan.parse(row?.['plan']);
    expect(orphanDeleteSteps.steps['EnsureOrphansAbsent']?.run(plan, {})).toMatchObject([
      {
        verb: 'ensureVolumesAbsent',
        input: {
          items: [{ ref: ids[0], volume: { kind: 'planned', name: 'left-1', sizeBytes: 8 * gib, notBefore: startedAt } }, { ref: ids[1] }],
        },
      },
    ]);
    expect(orphanDeleteSteps.look?.(plan, {})).toMatchObject([{ verb: 'readVolumes' }]);
  });

  it('end each by itself: what is gone leaves the lists and its tombstone, what the array refuses says why and is not tried again', async () => {
    const { world, ids } = await ordered();
    const [first = '', second = ''] = ids;
    await endStarted(world, orphanDeleteSteps, { how: 'commit', answers: [gone(first), rejected(second, 'it has snapshots')] });
    expect(world.row(first)).toMatchObject({ inactive: true });
    expect(world.row(second)).toMatchObject({ inactive: false });
    expect(world.row(second)).not.toHaveProperty('activeTaskId');
    expect(await tombstones(world)).toMatchObject([{ nativeName: 'left-2', refusal: 'it has snapshots' }]);
    expect(world.rows.all('History').filter(({ pk }) => pk === makeUrn('Volume', operationId))).toMatchObject([
      { operationId, after: { removedFromArray: 'left-1' } },
    ]);
  });

  it('of which the array says nothing stay', async () => {
    const { world, ids } = await ordered();
    await endStarted(world, orphanDeleteSteps, { how: 'commit', answers: [gone(ids[0] ?? '')] });
    expect(await tombstones(world)).toMatchObject([{ refusal: 'it did not answer for it' }]);
  });

  it('are, after a failure, what the array then says: gone, or still there and tried again', async () => {
    const { world, ids } = await ordered();
    const [first = '', second = ''] = ids;
    const there: StepAnswers[number] = { ref: second, status: 'done', observed: observed('native-left-2') };
    const failure = { code: 'array.unreachable', message: 'no answer' };
    await endStarted(world, orphanDeleteSteps, { how: 'rollBack', answers: [gone(first), there], failure });
    expect([world.row(first)?.['inactive'], world.row(second)?.['inactive']]).toEqual([true, false]);
    expect(await tombstones(world)).toEqual([expect.not.objectContaining({ refusal: expect.anything() })]);
    expect(world.row(second)).not.toHaveProperty('activeTaskId');
  });
});
