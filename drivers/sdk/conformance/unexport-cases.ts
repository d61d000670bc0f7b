import assert from 'node:assert/strict';
import { committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { isDone, isRejected } from './expect.ts';
import { exportAll, exportIntent, exportPair, initiatorIdOf, mappedTo, unexportOne } from './export-bench.ts';
import { lostAnswerCases } from './lost-answers.ts';

export const unexportCases: readonly ConformanceCase[] = [
  {
    name: 'unmaps exactly the pair listed, and finds it unmapped the second time',
    capability: 'export',
    needs: ['two initiators'],
    async run(bench) {
      const volume = await bench.make();
      await exportAll(bench, exportIntent(bench, [volume], { hosts: 2, mode: 'shared' }));
      isDone(await unexportOne(bench, exportPair(bench, volume)), 'made');
      isDone(await unexportOne(bench, exportPair(bench, volume)), 'found');
      assert.deepEqual(await mappedTo(bench, volume), [initiatorIdOf(bench, 1)]);
    },
  },
  {
    name: 'takes a volume that is gone for unmapped',
    capability: 'export',
    async run(bench) {
      const volume = await bench.make();
      await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] });
      isDone(await unexportOne(bench, exportPair(bench, volume)), 'found');
    },
  },
  {
    name: 'unmaps no volume that is not the recorded one',
    capability: 'export',
    async run(bench) {
      const volume = await bench.make();
      await exportAll(bench, exportIntent(bench, [volume]));
      isRejected(await unexportOne(bench, exportPair(bench, { ...volume, name: 'another' })), 'object.drifted');
      only(await mappedTo(bench, volume));
    },
  },
  {
    name: 'reads no mappings of a volume that is not there',
    capability: 'export',
    async run(bench) {
      const volume = await bench.make();
      await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] });
      const item = only(await bench.items('readExports', { items: [{ ref: 'read', volume: committed(volume) }] }));
      assert.equal(item.status, 'done');
      assert.equal(item.observed, undefined);
    },
  },
  ...lostAnswerCases({
    does: 'unmaps a volume in the end',
    capability: 'export',
    effect: 'unmap',
    async begin(bench) {
      const volume = await bench.make();
      await exportAll(bench, exportIntent(bench, [volume]));
      return {
        ask: () => unexportOne(bench, exportPair(bench, volume)),
        holds: async () => assert.deepEqual(await mappedTo(bench, volume), []),
      };
    },
  }),
];
