import { beforeEach, describe, expect, it } from 'vitest';
import { expandVolume } from '../../../../core/volume/expand.ts';
import { volumeExpandSteps } from '../../../../statemachines/volume-expand/steps.ts';
import { done, lastTask, madeVolumes, observed, rejected } from '../../../support/block-volumes.ts';
import {
  type aPool,
  aProvider,
  asked,
  aVpool,
  aWorld,
  endStarted,
  gib,
  poolIdOf,
  startedOperation,
  type World,
} from '../../../support/block-world.ts';

let world: World;
let id: string;
beforeEach(async () => {
  world = aWorld();
  [id = ''] = await madeVolumes(world, { size: '5GB' });
});

const expand = (newSize: string | number, request = asked()) => expandVolume(world.ports, request, { volumeId: id, newSize });
const managed = () => world.row(poolIdOf(1))?.['managedBytes'];

const setPool = (patch: Parameters<typeof aPool>[0]) => {
  const row = world.row(poolIdOf(1));
  if (row) world.rows.seed('Inventory', [{ ...row, ...patch }]);
};

describe('expanding a volume', () => {
  it('takes what is added, rounded up, locks the volume, and keeps its size until the array has done it', async () => {
    await expect(expand(9 * gib)).resolves.toMatchObject({ name: 'EXPAND VOLUME', state: 'pending', resource: { id } });
    expect(world.row(id)).toMatchObject({ state: 'expanding', provisionedBytes: 8 * gib });
    expect(managed()).toBe(16 * gib);
    const { plan } = startedOperation(world, volumeExpandSteps);
    expect(volumeExpandSteps.steps['ExpandVolumes']?.run(plan, {})).toMatchObject([
      { verb: 'expandVolumes', input: { items: [{ ref: id, newSizeBytes: 16 * gib, volume: { kind: 'committed', sizeBytes: 8 * gib } }] } },
    ]);
    expect(volumeExpandSteps.look?.(plan, {})).toMatchObject([{ verb: 'readVolumes' }]);
  });

  it('has the new size when the array has done it', async () => {
    await expand('9GB');
    await endStarted(world, volumeExpandSteps, { how: 'commit', answers: [done(id)] });
    expect(world.row(id)).toMatchObject({ state: 'ready', requestedBytes: 9 * gib, provisionedBytes: 16 * gib });
    expect(lastTask(world, id)).toMatchObject({ state: 'ready', name: 'EXPAND VOLUME' });
    expect(managed()).toBe(16 * gib);
  });

  it('has its old size, and gives back what was taken, when the array refuses', async () => {
    await expand('9GB');
    await endStarted(world, volumeExpandSteps, { how: 'commit', answers: [rejected(id, 'no space')] });
    expect(world.row(id)).toMatchObject({ state: 'ready', requestedBytes: 5 * gib, provisionedBytes: 8 * gib });
    expect(lastTask(world, id)).toMatchObject({ state: 'error', serviceError: { details: 'no space' } });
    expect(managed()).toBe(8 * gib);
  });

  it.each([
    [
      'the array made it larger all the same',
      [{ ref: '', observed: observed('n', { sizeBytes: 16 * gib }) }],
      { state: 'ready', gigabytes: 16 },
    ],
    ['the array left it as it was', [{ ref: '', observed: observed('n') }], { state: 'error', gigabytes: 8 }],
    ['the array has lost it', [{ ref: '' }], { state: 'error', gigabytes: 8 }],
    ['the array was not asked', [], { state: 'error', gigabytes: 8 }],
  ] as const)('after a failure believes the array: %s', async (_, looked, { state, gigabytes }) => {
    await expand('9GB');
    const answers = looked.map((answer) => ({ ...answer, ref: id, status: 'done' as const }));
    await endStarted(world, volumeExpandSteps, { how: 'rollBack', failure: { code: 'array.busy', message: 'busy' }, answers });
    expect(world.row(id)).toMatchObject({ state: 'ready', provisionedBytes: gigabytes * gib });
    expect(managed()).toBe(gigabytes * gib);
    expect(lastTask(world, id)).toMatchObject({ state });
  });

  it('takes nothing when the volume is large enough by rounding already, and gives nothing back either', async () => {
    await expand('6GB');
    expect(managed()).toBe(8 * gib);
    await endStarted(world, volumeExpandSteps, { how: 'commit', answers: [rejected(id)] });
    expect(managed()).toBe(8 * gib);
  });

  it('shows in a dry run what it would become, and stores nothing', async () => {
    const before = world.rows.dump();
    await expect(expand('9GB', asked({ dryRun: true }))).resolves.toMatchObject({
      plan: { provisioned_capacity_gb: '16.00', requested_capacity_gb: '9.00', calls: [{ verb: 'expandVolumes', undo: null }] },
    });
    expect(world.rows.dump()).toBe(before);
  });
});

describe('an expansion that cannot be', () => {
  const refused = async (newSize: string | number, code: string, text: string) => {
    const before = world.rows.dump();
    await expect(expand(newSize)).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
    expect(world.rows.dump()).toBe(before);
  };

  it('never makes a volume smaller', async () => {
    await refused('5GB', 'volume.cannotShrink', 'new_size: 5.00 GiB is not more than the 5.00 GiB');
    await refused('4GB', 'volume.cannotShrink', 'new_size: 4.00 GiB');
  });

  it('says how large volumes of the pool may be', async () => {
    await refused('2TB', 'request.outOfRange', 'more than the 1024.00 GiB that volumes of the pool pool-1 may have');
  });

  it('says what is left when the pool cannot take it', async () => {
    setPool({ maxSubscriptionPercent: 1 });
    await refused('100GB', 'placement.none', '96.00 GiB more are needed and 2.00 GiB are left');
    setPool({ freeBytes: 100 * gib });
    await refused('100GB', 'placement.none', '90.0 % of it is used');
  });

  it('heeds the virtual pool, the brake, and the task that works on the volume', async () => {
    world.put(aVpool({ expandable: false }));
    await refused('9GB', 'request.parameterInvalid', '(expandable)');
    world.put(aVpool(), aProvider({ operations: 'frozen' }));
    await refused('9GB', 'operations.frozen', 'frozen');
    world.put(aProvider());
    await expand('9GB');
    await refused('20GB', 'resource.busy', 'in progress');
  });

  it('says when the storage is gone from the records', async () => {
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: poolIdOf(1), sk: 'RESOURCE' } }]);
    await refused('9GB', 'resource.cannotDelete', 'is gone');
  });
});
