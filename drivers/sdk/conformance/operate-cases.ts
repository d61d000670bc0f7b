import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ObservedVolume } from '../model.ts';
import type { OperationState } from '../verbs/operate.ts';
import type { BatchAnswer } from '../verbs.ts';
import { type Bench, committed, only } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { changesNothing, isDone, isRejected, itemsOf } from './expect.ts';

const migrationItem = ({ pools, pool }: Bench, volume: ObservedVolume) => ({
  ref: 'move',
  volume: committed(volume),
  targetPoolNativeId: pools.find(({ nativeId }) => nativeId !== pool.nativeId)?.nativeId ?? '',
  movesWith: [],
});

const most = 200;

/** Calls a verb that takes long until it has ended, as the control plane would. */
export const untilMoved = async (bench: Bench, volume: ObservedVolume): Promise<BatchAnswer<ObservedVolume>> => {
  for (let call = 0; call < most; call += 1) {
    const answer = await bench.output<BatchAnswer<ObservedVolume>>('migrateVolumes', { items: [migrationItem(bench, volume)] });
    if (only(answer.items).status !== 'inProgress') return answer;
    await bench.target.pass?.(answer.operation?.retryAfterSeconds ?? 1);
  }
  throw new Error(`a move did not end within ${most} calls`);
};

const untilCancelled = async (bench: Bench, handle: string): Promise<OperationState> => {
  for (let call = 0; call < most; call += 1) {
    const state = await bench.output<OperationState>('cancelOperation', { handle });
    if (state.state !== 'running') return state;
    await bench.target.pass?.(state.retryAfterSeconds);
  }
  throw new Error(`a move was not cancelled within ${most} calls`);
};

const migrationCases: readonly ConformanceCase[] = [
  {
    name: 'moves a volume to another pool, keeps its identity, and finds it moved',
    capability: 'migration',
    needs: ['two pools'],
    async run(bench) {
      const volume = await bench.make();
      const item = only((await untilMoved(bench, volume)).items);
      assert.equal(item.status, 'done', JSON.stringify(item));
      const moved = only(await bench.named(volume.name));
      assert.equal(moved.nativeId, volume.nativeId);
      assert.notEqual(moved.poolNativeId, volume.poolNativeId);
      const again = await bench.serve('migrateVolumes', { items: [migrationItem(bench, volume)] });
      isDone(only(itemsOf(again)), 'found');
      changesNothing(again);
    },
  },
  {
    name: 'moves no volume that is not the recorded one, or to a pool that is not there',
    capability: 'migration',
    needs: ['two pools'],
    async run(bench) {
      const volume = await bench.make();
      const item = migrationItem(bench, volume);
      const drifted = { ...item, ref: 'drifted', volume: { ...item.volume, expectedName: 'another' } };
      const [first, second] = await bench.items('migrateVolumes', {
        items: [drifted, { ...item, targetPoolNativeId: 'ffffffffffffffff' }],
      });
      assert.ok(first && second);
      isRejected(first, 'object.drifted');
      assert.equal(second.status, 'rejected', JSON.stringify(second));
      assert.equal(only(await bench.named(volume.name)).poolNativeId, volume.poolNativeId);
    },
  },
];

const longOperationCases: readonly ConformanceCase[] = [
  {
    name: 'knows nothing of an operation that never was, and refuses a handle it cannot read',
    capability: 'long-operation',
    async run(bench) {
      for (const verb of ['pollOperation', 'cancelOperation']) {
        const answer = await bench.serve(verb, { handle: `made-up-${randomBytes(4).toString('hex')}` });
        if (answer.error === undefined) assert.equal((answer.output as OperationState).state, 'unknown');
        else assert.equal(answer.error.code, 'request.invalid', JSON.stringify(answer));
        changesNothing(answer);
      }
    },
  },
  {
    name: 'follows a move by its handle to its end',
    capability: 'long-operation',
    also: ['migration'],
    needs: ['two pools'],
    async run(bench) {
      const volume = await bench.make();
      const { items, operation } = await bench.output<BatchAnswer<ObservedVolume>>('migrateVolumes', {
        items: [migrationItem(bench, volume)],
      });
      if (only(items).status === 'inProgress') {
        assert.ok(operation, 'what is in progress inside the array has a handle');
        const state = await bench.output<OperationState>('pollOperation', { handle: operation.handle });
        assert.ok(['running', 'succeeded', 'unknown'].includes(state.state), JSON.stringify(state));
      }
      isDone({ ...only((await untilMoved(bench, volume)).items), outcome: 'found' }, 'found');
    },
  },
  {
    name: 'moves a volume back whose move is cancelled, unless it has arrived or cannot be cancelled',
    capability: 'long-operation',
    also: ['migration'],
    needs: ['two pools'],
    async run(bench) {
      const volume = await bench.make();
      const { operation } = await bench.output<BatchAnswer<ObservedVolume>>('migrateVolumes', { items: [migrationItem(bench, volume)] });
      if (operation?.cancellable !== true) return;
      const end = await untilCancelled(bench, operation.handle);
      const { poolNativeId } = only(await bench.named(volume.name));
      assert.equal(end.state, poolNativeId === volume.poolNativeId ? 'cancelled' : 'succeeded', JSON.stringify(end));
      const polled = await bench.output<OperationState>('pollOperation', { handle: operation.handle });
      assert.notEqual(polled.state, 'running', 'what was cancelled goes on');
      const again = await bench.serve('cancelOperation', { handle: operation.handle });
      assert.equal((again.output as OperationState).state, end.state);
      changesNothing(again);
    },
  },
];

const maintenanceCases: readonly ConformanceCase[] = [
  {
    name: 'says whether a component may be taken out of service, and changes nothing',
    capability: 'maintenance',
    async run({ serve, ports }) {
      const [port] = ports;
      assert.ok(port, 'the array has no port');
      const component = { type: 'port', nativeId: port.nativeId, expectedName: port.name };
      const answer = await serve('checkMaintenance', { items: [{ ref: 'port', component }] });
      const item = only(itemsOf(answer));
      assert.equal(item.status, 'done', JSON.stringify(item));
      changesNothing(answer);
    },
  },
  {
    name: 'takes no component out of service that is not the recorded one',
    capability: 'maintenance',
    async run({ serve, ports }) {
      const component = { type: 'port', nativeId: ports[0]?.nativeId ?? '', expectedName: 'another' };
      for (const verb of ['enterMaintenance', 'exitMaintenance']) {
        const answer = await serve(verb, { items: [{ ref: 'port', component }] });
        isRejected(only(itemsOf(answer)), 'object.drifted');
        changesNothing(answer);
      }
    },
  },
];

const adoptCases: readonly ConformanceCase[] = [
  {
    name: 'adopts a volume that somebody else made, finds it adopted, and releases it',
    capability: 'adopt',
    needs: ['outsider'],
    async run(bench) {
      const name = bench.newName();
      await bench.makeForeign({ name });
      const foreign = only(await bench.named(name));
      const items = [{ ref: 'volume', volume: committed(foreign) }];
      const first = only(await bench.items('adoptVolumes', { items }));
      assert.equal(first.status, 'done', JSON.stringify(first));
      isDone(only(await bench.items('adoptVolumes', { items })), 'found');
      const released = only(await bench.items('releaseVolumes', { items }));
      assert.equal(released.status, 'done', JSON.stringify(released));
      assert.equal(only(await bench.named(name)).nativeId, foreign.nativeId);
    },
  },
  {
    name: 'adopts nothing that is not what was seen, and takes what is gone for released',
    capability: 'adopt',
    async run(bench) {
      const volume = await bench.make();
      const drifted = [{ ref: 'volume', volume: { ...committed(volume), expectedName: 'another' } }];
      isRejected(only(await bench.items('adoptVolumes', { items: drifted })), 'object.drifted');
      await bench.items('ensureVolumesAbsent', { items: [{ ref: 'remove', volume: committed(volume) }] });
      isDone(only(await bench.items('releaseVolumes', { items: [{ ref: 'volume', volume: committed(volume) }] })), 'found');
    },
  },
];

const hostCases: readonly ConformanceCase[] = [
  {
    name: 'finds a host that the array knows by its initiators, under any name, and leaves it as it is',
    capability: 'hosts',
    async run({ serve, hosts, newName }) {
      const [host] = hosts.filter(({ initiators }) => initiators.length > 0);
      assert.ok(host, 'the array has no host');
      const initiators = host.initiators.map(({ type, id }) => ({ type, id }));
      const answer = await serve('ensureHosts', { items: [{ ref: 'host', name: newName(), osType: 'Linux', initiators }] });
      const item = only(itemsOf(answer));
      isDone(item, 'found');
      assert.equal(item.nativeId, host.nativeId);
      changesNothing(answer);
    },
  },
  {
    name: 'registers a host, finds it, and removes only that one',
    capability: 'hosts',
    needs: ['new initiator'],
    async run({ items, newName, target }) {
      const initiator = target.newInitiator?.();
      assert.ok(initiator);
      const intent = { ref: 'host', name: newName(), osType: 'Linux', initiators: [initiator] };
      const made = only(await items('ensureHosts', { items: [intent] }));
      isDone(made, 'made');
      isDone(only(await items('ensureHosts', { items: [intent] })), 'found');
      const host = { nativeId: made.nativeId ?? '', expectedName: intent.name, initiators: intent.initiators };
      const drifted = [{ ref: 'host', host: { ...host, expectedName: 'another' } }];
      isRejected(only(await items('ensureHostsAbsent', { items: drifted })), 'object.drifted');
      isDone(only(await items('ensureHostsAbsent', { items: [{ ref: 'host', host }] })), 'made');
      isDone(only(await items('ensureHostsAbsent', { items: [{ ref: 'host', host }] })), 'found');
    },
  },
];

export const operateCases: readonly ConformanceCase[] = [
  ...migrationCases,
  ...longOperationCases,
  ...maintenanceCases,
  ...adoptCases,
  ...hostCases,
];
