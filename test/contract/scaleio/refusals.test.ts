import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import { type Bench, committed, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import { exportIntent, exportPair } from '../../../drivers/sdk/conformance/export-bench.ts';
import { type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

let target: StartedTarget;
let bench: Bench;

beforeEach(async () => {
  target = await startTarget({ apiVersion: '4.5' });
  bench = await openBench(target);
});
afterEach(() => target.simulator.close());

const answersWith = (verb: string, errorCode: number, when: 'before' | 'after' = 'before') =>
  target.simulator.addFault({ match: { verb }, effect: 'error', when, error: { errorCode } });

const item = async (verb: string, input: object) => {
  const { output, error } = await bench.serve(verb, input);
  expect(error).toBeUndefined();
  return (output as { items: readonly unknown[] }).items[0];
};

const removal = async () => ({ items: [{ ref: 'a', volume: committed(await bench.make()) }] });

describe('codes of the array that say that all is so already', () => {
  it('99 at a create: the volume that has the name since the look is found', async () => {
    answersWith('create', 99, 'after');
    expect(await item('ensureVolumes', { items: [bench.intent()] })).toMatchObject({ status: 'done', outcome: 'found' });
  });

  it('99 at a create, and no such volume yet: to be tried again', async () => {
    answersWith('create', 99);
    expect(await item('ensureVolumes', { items: [bench.intent()] })).toMatchObject({ status: 'busy', error: { nativeCode: '99' } });
  });

  it.each([78, 79])('%i at a removal: somebody was faster', async (code) => {
    const input = await removal();
    answersWith('removeVolume', code);
    expect(await item('ensureVolumesAbsent', input)).toMatchObject({ status: 'done', outcome: 'found' });
  });

  it('212 at a removal: it goes on inside the array', async () => {
    const input = await removal();
    answersWith('removeVolume', 212, 'after');
    expect(await item('ensureVolumesAbsent', input)).toMatchObject({ status: 'inProgress' });
    expect(await item('ensureVolumesAbsent', input)).toMatchObject({ status: 'done', outcome: 'found' });
  });

  it('81 at a mapping: it is looked at', async () => {
    const intent = exportIntent(bench, [await bench.make()]);
    answersWith('addMappedSdc', 81, 'after');
    expect(await item('ensureExports', intent)).toMatchObject({ status: 'done', outcome: 'made' });
  });

  it('81 at a mapping that is not there: nothing is known', async () => {
    const intent = exportIntent(bench, [await bench.make()]);
    answersWith('addMappedSdc', 81);
    expect(await item('ensureExports', intent)).toMatchObject({ status: 'uncertain' });
  });

  it('84 at an unmapping: somebody was faster', async () => {
    const volume = await bench.make();
    await bench.serve('ensureExports', exportIntent(bench, [volume]));
    answersWith('removeMappedSdc', 84);
    expect(await item('ensureExportsAbsent', { items: [exportPair(bench, volume)] })).toMatchObject({ status: 'done', outcome: 'found' });
  });
});

describe('other refusals', () => {
  it.each([
    [104, 'rejected', 'object.inUse'],
    [9999, 'uncertain', 'array.refused'],
    [69, 'uncertain', 'array.busy'],
    [164, 'busy', 'array.busy'],
  ] as const)('%i at a removal leave the item %s', async (code, status, contractCode) => {
    const input = await removal();
    answersWith('removeVolume', code);
    expect(await item('ensureVolumesAbsent', input)).toMatchObject({ status, error: { code: contractCode, nativeCode: String(code) } });
  });

  it('a session that the array calls invalid is replaced, and the call repeated', async () => {
    answersWith('create', 248);
    expect(await item('ensureVolumes', { items: [bench.intent()] })).toMatchObject({ status: 'done', outcome: 'made' });
  });

  it('a user who may log in and not act is refused', async () => {
    target.simulator.addFault({ match: { verb: 'create' }, effect: 'error', times: 'always', error: { status: 403 } });
    expect(await item('ensureVolumes', { items: [bench.intent()] })).toMatchObject({
      status: 'rejected',
      error: { code: 'credentials.refused' },
    });
  });

  it('a failure after a create never claims that nothing was changed, and the next call finds it', async () => {
    const intent = bench.intent();
    target.simulator.addFault({ match: { method: 'GET', path: '/api/instances/Volume::' }, effect: 'error', error: { errorCode: 104 } });
    expect(await item('ensureVolumes', { items: [intent] })).toMatchObject({ status: 'uncertain' });
    expect(await item('ensureVolumes', { items: [intent] })).toMatchObject({ status: 'done', outcome: 'found' });
  });

  it('a volume larger than the pool is refused for space', async () => {
    const sizeBytes = Math.ceil((bench.pool.totalBytes * 2) / bench.pool.sizeGranularityBytes) * bench.pool.sizeGranularityBytes;
    const intent = bench.intent({ sizeBytes, provisioningType: 'thick' });
    expect(await item('ensureVolumes', { items: [intent] })).toMatchObject({ status: 'rejected', error: { code: 'space.exhausted' } });
  });

  it.each([
    [{ limits: { iops: 5 } }, 'limits.iops'],
    [{ limits: { bandwidthBytesPerSecond: 1000 } }, 'limits.bandwidthBytesPerSecond'],
  ])('an export with %o is refused before anything is sent', async (wish, named) => {
    const answer = await bench.serve('ensureExports', exportIntent(bench, [await bench.make()], wish));
    expect(answer.gatewayCalls).toMatchObject({ read: 0, change: 0 });
    expect(answer.output).toMatchObject({
      items: [{ status: 'rejected', error: { code: 'request.invalid', message: expect.stringContaining(named) } }],
    });
  });

  it('a volume smaller than recorded is not grown', async () => {
    const volume = await bench.make();
    const recorded = { ...committed(volume), sizeBytes: 2 * volume.sizeBytes };
    const input = { items: [{ ref: 'a', volume: recorded, newSizeBytes: 3 * volume.sizeBytes }] };
    expect(await item('expandVolumes', input)).toMatchObject({
      status: 'rejected',
      error: { code: 'object.drifted', facts: { field: 'size' } },
    });
  });

  it('a volume that did not grow although the array said so leaves it open', async () => {
    const volume = await bench.make();
    target.simulator.addFault({ match: { verb: 'setVolumeSize' }, effect: 'garbage', garbage: 'empty', when: 'before' });
    const input = { items: [{ ref: 'a', volume: committed(volume), newSizeBytes: 2 * volume.sizeBytes }] };
    expect(await item('expandVolumes', input)).toMatchObject({ status: 'uncertain' });
    expect(await item('expandVolumes', input)).toMatchObject({ status: 'done', outcome: 'made' });
  });

  it('an id that the array could not have given is refused', async () => {
    const volume = { ...committed(await bench.make()), nativeId: '../../System' };
    expect(await item('ensureVolumesAbsent', { items: [{ ref: 'a', volume }] })).toMatchObject({ status: 'rejected' });
  });

  it('an initiator of another kind is refused, to map and to unmap', async () => {
    const volume = await bench.make();
    const pair = exportPair(bench, volume);
    const unmap = { items: [{ ...pair, initiator: { ...pair.initiator, type: 'fc' } }] };
    expect(await item('ensureExportsAbsent', unmap)).toMatchObject({ status: 'rejected', error: { code: 'request.invalid' } });
  });
});

describe('answers that nobody can read', () => {
  it.each(['html', 'text', 'invalidJson', 'empty'] as const)(
    '%s leaves a change uncertain and a read to be tried again',
    async (garbage) => {
      target.simulator.addFault({ match: { verb: 'create' }, effect: 'garbage', when: 'after', garbage });
      const intent = bench.intent();
      expect(await item('ensureVolumes', { items: [intent] })).toMatchObject({
        status: 'uncertain',
        error: { code: 'array.answerUnreadable' },
      });
      target.simulator.addFault({ match: { verb: 'queryIdByKey' }, effect: 'garbage', garbage });
      expect(await item('ensureVolumes', { items: [intent] })).toMatchObject({ status: 'busy', error: { code: 'array.answerUnreadable' } });
      expect(await item('ensureVolumes', { items: [intent] })).toMatchObject({ status: 'done', outcome: 'found' });
    },
  );
});

describe('volumes that others look after', () => {
  const marks = [{ managedBy: 'OtherProduct' }, { volumeReplicationState: 'MarkedForReplication' }, { lockedAutoSnapshot: true }];
  const seed = {
    ...defaultSeed,
    volumes: marks.map((mark, index) => ({ name: `theirs${index}`, pool: 'pool1', sizeGb: 8, marks: mark, mappings: [] })),
  };

  it('are listed, and neither grown, mapped nor removed', async () => {
    const theirs = await startTarget({ apiVersion: '4.5', seed });
    const theirBench = await openBench(theirs);
    const before = theirs.simulator.dump();
    const volumes = await theirBench.named('theirs0', 'theirs1', 'theirs2');
    expect(volumes).toHaveLength(3);
    const foreign = { status: 'rejected', error: { code: 'object.foreign' } };
    for (const volume of volumes) {
      expect(volume.managedElsewhere).toBeTruthy();
      const identity = committed(volume);
      const one = [{ ref: 'a', volume: identity }];
      for (const [verb, input] of [
        ['ensureVolumesAbsent', { items: one }],
        ['expandVolumes', { items: [{ ref: 'a', volume: identity, newSizeBytes: 2 * volume.sizeBytes }] }],
        ['ensureExports', exportIntent(theirBench, [volume])],
      ] as const) {
        expect((await theirBench.serve(verb, input)).output).toMatchObject({ items: [foreign] });
      }
    }
    expect(theirs.simulator.dump()).toEqual(before);
    await theirs.simulator.close();
  });
});
