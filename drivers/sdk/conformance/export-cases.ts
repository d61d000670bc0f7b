import assert from 'node:assert/strict';
import type { BatchAnswer, ObservedExport } from '../verbs.ts';
import { committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { changesNothing, isDone, isRejected } from './expect.ts';
import { exportAll, exportIntent, initiatorIdOf, mappedTo, mappingsOf } from './export-bench.ts';
import { lostAnswerCases } from './lost-answers.ts';

const mebibyte = 1024 ** 2;

export const exportCases: readonly ConformanceCase[] = [
  {
    name: 'maps a volume to a host, and says where it appears there',
    capability: 'export',
    async run(bench) {
      const volume = await bench.make();
      const item = only(await exportAll(bench, exportIntent(bench, [volume])));
      isDone(item, 'made');
      const { connection, access } = item.observed ?? {};
      assert.ok(connection?.devicePath ?? connection?.uri);
      assert.equal(access, 'read-write');
      assert.deepEqual(await mappedTo(bench, volume), [initiatorIdOf(bench, 0)]);
    },
  },
  {
    name: 'finds a mapping it made, and changes nothing',
    capability: 'export',
    async run(bench) {
      const intent = exportIntent(bench, [await bench.make()]);
      const first = only(await exportAll(bench, intent));
      const again = await bench.serve('ensureExports', intent);
      const found = only((again.output as BatchAnswer<ObservedExport>).items);
      isDone(found, 'found');
      assert.deepEqual(found.observed, first.observed);
      changesNothing(again);
    },
  },
  {
    name: 'maps every volume to every host',
    capability: 'export',
    needs: ['two initiators'],
    async run(bench) {
      const volumes = [await bench.make(), await bench.make()];
      const items = await exportAll(bench, exportIntent(bench, volumes, { hosts: 2, mode: 'cluster' }));
      assert.equal(items.length, 4);
      for (const item of items) isDone(item, 'made');
      for (const volume of volumes) assert.equal((await mappedTo(bench, volume)).length, 2);
    },
  },
  {
    name: 'maps read-only when asked to',
    capability: 'export',
    needs: ['read-only mappings'],
    async run(bench) {
      const volume = await bench.make();
      isDone(only(await exportAll(bench, exportIntent(bench, [volume], { access: 'read-only' }))), 'made');
      assert.equal(only(await mappingsOf(bench, volume)).access, 'read-only');
    },
  },
  {
    name: 'sets the limits asked for, and finds them set the second time',
    capability: 'export',
    async run(bench) {
      const volume = await bench.make();
      const limits = { iops: 500, bandwidthBytesPerSecond: 20 * mebibyte };
      const intent = exportIntent(bench, [volume], { limits });
      isDone(only(await exportAll(bench, intent)), 'made');
      assert.deepEqual(only(await mappingsOf(bench, volume)).limits, limits);
      isDone(only(await exportAll(bench, intent)), 'found');
    },
  },
  {
    name: 'refuses to change the access of a mapping that is there',
    capability: 'export',
    needs: ['read-only mappings'],
    async run(bench) {
      const volume = await bench.make();
      await exportAll(bench, exportIntent(bench, [volume]));
      isRejected(only(await exportAll(bench, exportIntent(bench, [volume], { access: 'read-only' }))), 'object.inUse');
      assert.equal(only(await mappingsOf(bench, volume)).access, 'read-write');
    },
  },
  {
    name: 'leaves mappings that somebody else made',
    capability: 'export',
    needs: ['outsider', 'two initiators'],
    async run(bench) {
      const volume = await bench.make();
      await bench.outsider.map(volume.nativeId, initiatorIdOf(bench, 1));
      isDone(only(await exportAll(bench, exportIntent(bench, [volume], { mode: 'shared' }))), 'made');
      assert.deepEqual(await mappedTo(bench, volume), [initiatorIdOf(bench, 0), initiatorIdOf(bench, 1)].sort());
    },
  },
  {
    name: 'maps no volume exclusively that somebody else has mapped',
    capability: 'export',
    needs: ['outsider', 'two initiators'],
    async run(bench) {
      const volume = await bench.make();
      await bench.outsider.map(volume.nativeId, initiatorIdOf(bench, 1));
      const intent = exportIntent(bench, [volume]);
      const answer = await bench.serve('ensureExports', intent);
      isRejected(only((answer.output as BatchAnswer<ObservedExport>).items), 'object.inUse');
      changesNothing(answer);
      assert.deepEqual(await mappedTo(bench, volume), [initiatorIdOf(bench, 1)]);
    },
  },
  {
    name: 'maps no volume that is not the recorded one, and maps the rest of the batch',
    capability: 'export',
    async run(bench) {
      const [drifted, good] = [await bench.make(), await bench.make()];
      const intent = exportIntent(bench, [{ ...drifted, name: 'another' }, good]);
      const [first, second] = await exportAll(bench, intent);
      assert.ok(first && second);
      isRejected(first, 'object.drifted');
      isDone(second, 'made');
      assert.deepEqual(await mappedTo(bench, drifted), []);
    },
  },
  {
    name: 'refuses to map a volume that is not there',
    capability: 'export',
    async run(bench) {
      const volume = await bench.make();
      await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] });
      isRejected(only(await exportAll(bench, exportIntent(bench, [volume]))), 'object.missing');
    },
  },
  {
    name: 'refuses an initiator that the array does not know',
    capability: 'export',
    async run(bench) {
      const volume = await bench.make();
      const intent = exportIntent(bench, [volume]);
      const hosts = intent.hosts.map((host) => ({
        ...host,
        initiators: host.initiators.map((initiator) => ({ ...initiator, id: 'ffffffffffffffff' })),
      }));
      const item = only(await exportAll(bench, { ...intent, hosts }));
      assert.equal(item.status, 'rejected', JSON.stringify(item));
      assert.deepEqual(await mappedTo(bench, volume), []);
    },
  },
  ...lostAnswerCases({
    does: 'maps a volume in the end',
    capability: 'export',
    effect: 'map',
    async begin(bench) {
      const volume = await bench.make();
      const intent = exportIntent(bench, [volume]);
      return { ask: () => exportAll(bench, intent).then(only), holds: async () => only(await mappedTo(bench, volume)) };
    },
  }),
];
