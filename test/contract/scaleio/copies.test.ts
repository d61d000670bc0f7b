import { afterEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { SimulatorOptions } from '../../../drivers/scaleio/simulator/start.ts';
import { type Bench, committed, only, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import { copyAll, fullCopyIntent, seen, snapshotIntent, take, takeAll } from '../../../drivers/sdk/conformance/copy-bench.ts';
import { exportIntent } from '../../../drivers/sdk/conformance/export-bench.ts';
import { type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

let target: StartedTarget;
let bench: Bench;

const start = async (options: SimulatorOptions = { apiVersion: '3.6' }): Promise<void> => {
  target = await startTarget(options);
  bench = await openBench(target);
};
afterEach(() => target.simulator.close());

const changesDuring = async (work: () => Promise<unknown>) => {
  target.simulator.log.forgetChanges();
  await work();
  return target.simulator.log.changes().map(({ verb, body }) => ({ verb, body }));
};

describe('snapshots', () => {
  it('of many at one moment are one call to the array, and of many that stand for themselves one each', async () => {
    await start();
    const sources = [await bench.make(), await bench.make()];
    const intents = () => sources.map((source, index) => snapshotIntent(bench, source, { ref: `s${index}`, access: 'read-only' }));
    const group = intents();
    const together = await changesDuring(() => takeAll(bench, group, 'group'));
    expect(together).toEqual([
      {
        verb: 'snapshotVolumes',
        body: {
          snapshotDefs: group.map(({ name, source }) => ({ volumeId: source.nativeId, snapshotName: name })),
          accessModeLimit: 'ReadOnly',
        },
      },
    ]);
    expect(await changesDuring(() => takeAll(bench, intents()))).toHaveLength(2);
  });

  it('are six calls the first time and five later, and two when they are there', async () => {
    await start();
    const source = await bench.make();
    const calls = async (intent: object) => (await bench.serve('ensureSnapshots', { items: [intent] })).gatewayCalls;
    const snapshot = snapshotIntent(bench, source);
    expect(await calls(snapshot)).toMatchObject({ read: 4, change: 1 });
    expect(await calls(snapshot)).toMatchObject({ read: 2, change: 0 });
  });

  it('before 3.0 have no kind of access: nothing is said of it, and read-only ones are refused', async () => {
    await start({ apiVersion: '2.5' });
    const source = await bench.make();
    const [sent] = await changesDuring(() => takeAll(bench, [snapshotIntent(bench, source)]));
    expect(sent?.body).not.toHaveProperty('accessModeLimit');
    const refused = await takeAll(bench, [snapshotIntent(bench, source, { access: 'read-only' })]);
    expect(refused).toMatchObject([{ status: 'rejected', error: { code: 'request.invalid' } }]);
  });

  it('that may only be read are mapped read-only, and refused otherwise before anything is sent', async () => {
    await start();
    const snapshot = await take(bench, await bench.make());
    const readOnly = seen(only(await takeAll(bench, [snapshotIntent(bench, snapshot, { access: 'read-only' })])));
    const sent = await changesDuring(async () => {
      const { output } = await bench.serve('ensureExports', exportIntent(bench, [readOnly]));
      expect(output).toMatchObject({ items: [{ status: 'rejected', error: { code: 'request.invalid' } }] });
    });
    expect(sent).toEqual([]);
    const { output } = await bench.serve('ensureExports', exportIntent(bench, [readOnly], { access: 'read-only' }));
    expect(output).toMatchObject({ items: [{ status: 'done', outcome: 'made' }] });
  });

  it('of one group are all of one kind of access', async () => {
    await start();
    const source = await bench.make();
    const mixed = (['read-only', 'read-write'] as const).map((access) => snapshotIntent(bench, source, { ref: access, access }));
    for (const item of await takeAll(bench, mixed, 'group')) {
      expect(item).toMatchObject({ status: 'rejected', error: { code: 'request.invalid' } });
    }
  });

  it('are refused when a tree is full, counting what others took, and none of a group is taken', async () => {
    await start({ apiVersion: '3.6', seed: { ...defaultSeed, limits: { snapshotsPerVTree: 2 } } });
    const [source, other] = [await bench.make(), await bench.make()];
    await target.outsider.snapshot(source.nativeId, 'theirs');
    await take(bench, source);
    const intents = [snapshotIntent(bench, source, { ref: 'full' }), snapshotIntent(bench, other, { ref: 'free' })];
    const sent = await changesDuring(async () => {
      for (const item of await takeAll(bench, intents, 'group')) {
        expect(item).toMatchObject({ status: 'rejected', error: { code: 'limit.exceeded', facts: { present: '2', limit: '2' } } });
      }
    });
    expect(sent).toEqual([]);
    expect((await takeAll(bench, intents)).map(({ status }) => status)).toEqual(['rejected', 'done']);
    await target.outsider.removeVolume(only(await bench.named('theirs')).nativeId);
  });

  it('that the array refuses for a full tree all the same are refused so', async () => {
    await start();
    const source = await bench.make();
    const details = { match: { verb: 'snapshotVolumes' }, effect: 'error', error: { errorCode: 182 } } as const;
    target.simulator.addFault(details);
    expect(await takeAll(bench, [snapshotIntent(bench, source)])).toMatchObject([
      { status: 'rejected', error: { code: 'limit.exceeded', nativeCode: '182' } },
    ]);
  });

  it('whose name was taken since the look are found, when they are the ones that were meant', async () => {
    await start();
    const source = await bench.make();
    const rule = (when: 'before' | 'after') =>
      ({ match: { verb: 'snapshotVolumes' }, effect: 'error', when, error: { errorCode: 99 } }) as const;
    target.simulator.addFault(rule('after'));
    expect(await takeAll(bench, [snapshotIntent(bench, source)])).toMatchObject([{ status: 'done', outcome: 'found' }]);
    target.simulator.addFault(rule('before'));
    expect(await takeAll(bench, [snapshotIntent(bench, source)])).toMatchObject([{ status: 'busy', error: { nativeCode: '99' } }]);
  });

  it('that lie locked until a time say so, and are left alone', async () => {
    const volumes = [
      { name: 'v', pool: 'pool1', sizeGb: 8 },
      { name: 's', ancestor: 'v', marks: { secureSnapshotExpTime: 4_000_000_000 } },
    ];
    await start({ apiVersion: '3.6', seed: { ...defaultSeed, volumes } });
    const locked = only(await bench.named('s'));
    const items = [{ ref: 's', snapshot: committed(locked) }];
    expect(await bench.items('readSnapshots', { items })).toMatchObject([{ observed: { retainedUntil: '2096-10-02T07:06:40.000Z' } }]);
    expect(await bench.items('ensureSnapshotsAbsent', { items })).toMatchObject([
      { status: 'rejected', error: { code: 'object.foreign' } },
    ]);
  });

  it('that a volume has are no part of what is read under the name of a snapshot', async () => {
    await start();
    const volume = await bench.make();
    const planned = {
      kind: 'planned' as const,
      name: volume.name,
      sourceNativeId: volume.nativeId,
      poolNativeId: volume.poolNativeId,
      sizeBytes: volume.sizeBytes,
      notBefore: volume.createdAt,
    };
    const items = [
      { ref: 'plan', snapshot: planned },
      { ref: 'id', snapshot: committed(volume) },
    ];
    expect((await bench.items('readSnapshots', { items })).map(({ error }) => error?.code)).toEqual(['object.foreign', 'object.drifted']);
    expect((await bench.items('ensureSnapshotsAbsent', { items })).map(({ error }) => error?.code)).toEqual([
      'object.foreign',
      'object.drifted',
    ]);
  });
});

describe('full copies', () => {
  it('are writable snapshots that say they share their source’s blocks', async () => {
    await start();
    const source = await bench.make();
    const [sent] = await changesDuring(async () => {
      const copy = seen(only(await copyAll(bench, [fullCopyIntent(bench, source)])));
      expect(copy).toMatchObject({ independent: false, sharedFateId: source.sharedFateId, ancestorNativeId: source.nativeId });
    });
    expect(sent).toMatchObject({ verb: 'snapshotVolumes', body: { accessModeLimit: 'ReadWrite' } });
  });

  it('cannot lie in another pool than their source, and the others of the batch are made', async () => {
    await start();
    const source = await bench.make();
    const elsewhere = bench.pools.find(({ nativeId }) => nativeId !== source.poolNativeId)?.nativeId ?? '';
    const intents = [
      fullCopyIntent(bench, source, { ref: 'there', poolNativeId: elsewhere }),
      fullCopyIntent(bench, source, { ref: 'here' }),
    ];
    expect(await copyAll(bench, intents)).toMatchObject([{ status: 'rejected', error: { code: 'request.invalid' } }, { status: 'done' }]);
  });

  it('are detached without a change to the array, and refused when they are gone', async () => {
    await start();
    const copy = seen(only(await copyAll(bench, [fullCopyIntent(bench, await bench.make())])));
    const items = [{ ref: 'detach', copy: committed(copy) }];
    expect(await changesDuring(() => bench.items('detachFullCopies', { items }))).toEqual([]);
    await bench.items('ensureFullCopiesAbsent', { items: [{ ref: 'gone', copy: committed(copy) }] });
    expect(await bench.items('detachFullCopies', { items })).toMatchObject([{ status: 'rejected', error: { code: 'object.missing' } }]);
  });
});

describe('a group', () => {
  it('is not found in copies that were taken one by one, nor in those of two groups', async () => {
    await start();
    const sources = [await bench.make(), await bench.make()];
    const intents = () => sources.map((source, index) => snapshotIntent(bench, source, { ref: `s${index}` }));
    const [single, left, right] = [intents(), intents(), intents()];
    await takeAll(bench, single);
    await takeAll(bench, left, 'left');
    await takeAll(bench, right, 'right');
    const mixed = [...left.slice(0, 1), ...right.slice(1)];
    for (const asked of [single, mixed]) {
      const sent = await changesDuring(async () => {
        for (const item of await takeAll(bench, asked, 'group')) {
          expect(item).toMatchObject({ status: 'rejected', error: { code: 'object.foreign' } });
        }
      });
      expect(sent).toEqual([]);
    }
    for (const item of await takeAll(bench, left, 'left')) expect(item).toMatchObject({ status: 'done', outcome: 'found' });
  });

  it('is removed member by member, never by its id', async () => {
    await start();
    const sources = [await bench.make(), await bench.make()];
    const taken = await takeAll(
      bench,
      sources.map((source, index) => snapshotIntent(bench, source, { ref: `s${index}` })),
      'group',
    );
    const members = taken.map((item, index) => ({ ref: `m${index}`, copy: committed(seen(item)) }));
    const groups = [{ ref: 'g', copiesAre: 'snapshots' as const, members }];
    const sent = await changesDuring(() => bench.items('ensureGroupsAbsent', { items: groups }));
    expect(sent).toEqual([1, 2].map(() => ({ verb: 'removeVolume', body: { removeMode: 'ONLY_ME' } })));
  });

  it('of which the second member cannot be removed stays open, and the next call goes on', async () => {
    await start();
    const sources = [await bench.make(), await bench.make()];
    const intents = sources.map((source, index) => snapshotIntent(bench, source, { ref: `s${index}` }));
    const members = (await takeAll(bench, intents, 'group')).map((item, index) => ({ ref: `m${index}`, copy: committed(seen(item)) }));
    const groups = [{ ref: 'g', copiesAre: 'snapshots' as const, members }];
    target.simulator.addFault({ match: { verb: 'removeVolume', nth: 2 }, effect: 'error', error: { errorCode: 104 } });
    expect(await bench.items('ensureGroupsAbsent', { items: groups })).toMatchObject([{ status: 'uncertain' }]);
    expect(await bench.items('ensureGroupsAbsent', { items: groups })).toMatchObject([{ status: 'done', outcome: 'made' }]);
  });

  it('is not one whose members were taken one by one, or that is not the recorded one', async () => {
    await start();
    const source = await bench.make();
    const members = [await take(bench, source), await take(bench, source)].map((copy, index) => ({
      ref: `m${index}`,
      copy: committed(copy),
    }));
    const group = { ref: 'g', copiesAre: 'snapshots' as const, members };
    const another = { ...group, ref: 'a', groupNativeId: 'another' };
    for (const verb of ['readGroups', 'ensureGroupsAbsent'] as const) {
      expect((await bench.items(verb, { items: [group, another] })).map(({ error }) => error?.code)).toEqual([
        'object.foreign',
        'object.drifted',
      ]);
    }
  });
});
