import { expect } from 'vitest';
import type { Simulator } from '../../../drivers/scaleio/simulator/start.ts';
import type { Bench } from './bench.ts';
import { carryOut, type Order, type Tasks } from './carry-out.ts';
import { discoverProvider } from './order-discovery.ts';
import { orphanDelete } from './order-orphan.ts';
import type { WorkflowName } from './rows.ts';

export const volumesBody = ({ estate }: Bench, name: string, count: number) => ({
  ...{ name, count, size: '8GB' },
  ...{ project: estate.projectId, varray: estate.varrayId, vpool: estate.vpoolId },
});

const resourcesOf = (tasks: Tasks): string[] => tasks.map((task) => task.resource.id);

const removeVolumes = async (bench: Bench, ids: readonly string[]): Promise<void> => {
  for (const id of ids) await carryOut(bench, `/block/volumes/${id}/deactivate`);
};

export const nativeIdOf = async (bench: Bench, id: string): Promise<string> => (await bench.ask('GET', `/block/volumes/${id}`)).native_id;

const volumeCreate = async (bench: Bench): Promise<Order> => ({
  method: 'POST',
  path: '/block/volumes',
  body: volumesBody(bench, 'data', 2),
  atEnd: bench.array.bytes(),
  expectUndone: async ({ send }, tasks) => {
    for (const id of resourcesOf(tasks)) expect((await send('GET', `/block/volumes/${id}`)).body).toMatchObject({ inactive: true });
  },
  expectDone: async ({ array, ask }, tasks) => {
    expect(tasks).toHaveLength(2);
    for (const id of resourcesOf(tasks)) {
      const volume = await ask('GET', `/block/volumes/${id}`);
      expect(array.volumes().map((each) => each.id)).toContain(volume.native_id);
    }
  },
  cleanUp: (now, tasks) => removeVolumes(now, resourcesOf(tasks)),
});

const volumeExpand = async (bench: Bench): Promise<Order> => {
  const atEnd = bench.array.bytes();
  const [id = ''] = await carryOut(bench, '/block/volumes', volumesBody(bench, 'grows', 1));
  return {
    method: 'POST',
    path: `/block/volumes/${id}/expand`,
    body: { new_size: '24GB' },
    atEnd,
    expectUndone: async ({ ask }) => {
      expect(await ask('GET', `/block/volumes/${id}`)).toMatchObject({ provisioned_capacity_gb: '8.00', requested_capacity_gb: '8.00' });
    },
    expectDone: async (now) => {
      const volume = await now.ask('GET', `/block/volumes/${id}`);
      expect(volume).toMatchObject({ provisioned_capacity_gb: '24.00', requested_capacity_gb: '24.00' });
      const there = now.array.simulator.state.volumes.get(volume.native_id);
      expect(there?.sizeInKb).toBe(24 * 1024 * 1024);
    },
    cleanUp: (now) => removeVolumes(now, [id]),
  };
};

const volumeDelete = async (bench: Bench): Promise<Order> => {
  const atEnd = bench.array.bytes();
  const [id = ''] = await carryOut(bench, '/block/volumes', volumesBody(bench, 'goes', 1));
  const nativeId = await nativeIdOf(bench, id);
  return {
    method: 'POST',
    path: `/block/volumes/${id}/deactivate`,
    atEnd,
    expectUndone: async ({ ask }) => {
      expect(await ask('GET', `/block/volumes/${id}`)).toMatchObject({ inactive: false, native_id: nativeId });
    },
    expectDone: async (now) => {
      expect((await now.send('GET', `/block/volumes/${id}`)).body).toMatchObject({ inactive: true });
      expect(now.array.volumes().map((each) => each.id)).not.toContain(nativeId);
    },
    cleanUp: async () => undefined,
  };
};

interface Exporting {
  readonly volumeIds: readonly string[];
  readonly hostId: string;
  readonly initiator: string;
}

const prepared = new WeakMap<Simulator, Exporting>();

/** Three volumes; somebody else has mapped the last one to the host already. */
export const exporting = async (bench: Bench): Promise<Exporting> => {
  const known = prepared.get(bench.array.simulator);
  if (known !== undefined) return known;
  const volumeIds = await carryOut(bench, '/block/volumes', volumesBody(bench, 'exported', 3));
  const initiator = bench.array.volumes().find(({ name }) => name === 'theirs')?.mappedTo[0] ?? '';
  await bench.array.outsider(`/volumes/${await nativeIdOf(bench, volumeIds[2] ?? '')}/mappings`, { sdc: 'host1' });
  const found = (await bench.stored.all('Inventory')).find((row) => row.sk === 'RESOURCE' && row['port'] === initiator);
  const made = { volumeIds, hostId: String(found?.['hostId']), initiator };
  prepared.set(bench.array.simulator, made);
  return made;
};

/** Which of the three the array maps to the host. */
const mappedOf = async (bench: Bench, { volumeIds, initiator }: Exporting): Promise<boolean[]> => {
  const natives = await Promise.all(volumeIds.map((id) => nativeIdOf(bench, id)));
  return natives.map(
    (native) =>
      bench.array
        .volumes()
        .find(({ id }) => id === native)
        ?.mappedTo.includes(initiator) ?? false,
  );
};

export const exportBody = ({ estate }: Bench, { hostId }: Exporting, volumeIds: readonly string[]) => ({
  ...{ name: 'app', project: estate.projectId, varray: estate.varrayId, type: 'Host', hosts: [hostId] },
  volumes: volumeIds.map((id) => ({ id })),
});

const unexport = async (bench: Bench, groupId: string): Promise<void> => {
  await carryOut(bench, `/block/exports/${groupId}/deactivate`);
};

const exportCreate = async (bench: Bench): Promise<Order> => {
  const what = await exporting(bench);
  return {
    method: 'POST',
    path: '/block/exports',
    body: exportBody(bench, what, what.volumeIds),
    atEnd: bench.array.bytes(),
    expectUndone: async ({ ask, send }, tasks) => {
      for (const id of resourcesOf(tasks)) expect((await send('GET', `/block/exports/${id}`)).body).toMatchObject({ inactive: true });
      for (const id of what.volumeIds) expect((await ask('GET', `/block/volumes/${id}/exports`)).itl).toEqual([]);
    },
    expectDone: async (now) => {
      const { itl } = await now.ask('GET', `/block/volumes/${what.volumeIds[0]}/exports`);
      expect(itl).toHaveLength(1);
      expect(await mappedOf(now, what)).toEqual([true, true, true]);
    },
    cleanUp: async (now, [task]) => {
      await unexport(now, task.resource.id);
      expect(await mappedOf(now, what)).toEqual([false, false, true]);
    },
  };
};

const volumesOfGroup = async ({ ask }: Bench, groupId: string): Promise<string[]> =>
  (await ask('GET', `/block/exports/${groupId}`)).volumes.map(({ id }: { id: string }) => id).sort();

/** Adds the second volume and removes the first. */
const exportUpdate = async (bench: Bench): Promise<Order> => {
  const what = await exporting(bench);
  const atEnd = bench.array.bytes();
  const [first = '', second = '', third = ''] = what.volumeIds;
  const [groupId = ''] = await carryOut(bench, '/block/exports', exportBody(bench, what, [first, third]));
  return {
    method: 'PUT',
    path: `/block/exports/${groupId}`,
    body: { volume_changes: { add: [{ id: second }], remove: [first] } },
    atEnd,
    expectUndone: async (now) => expect(await volumesOfGroup(now, groupId)).toEqual([first, third].sort()),
    expectDone: async (now) => {
      expect(await mappedOf(now, what)).toEqual([false, true, true]);
      expect(await volumesOfGroup(now, groupId)).toEqual([second, third].sort());
    },
    cleanUp: async (now) => {
      await unexport(now, groupId);
      expect(await mappedOf(now, what)).toEqual([false, false, true]);
    },
  };
};

const exportDelete = async (bench: Bench): Promise<Order> => {
  const what = await exporting(bench);
  const atEnd = bench.array.bytes();
  const [first = '', , third = ''] = what.volumeIds;
  const [groupId = ''] = await carryOut(bench, '/block/exports', exportBody(bench, what, [first, third]));
  return {
    method: 'POST',
    path: `/block/exports/${groupId}/deactivate`,
    atEnd,
    // What only the records held, theirs being on the array before, may have left the group: removals are one by one.
    expectUndone: async (now) => expect(await volumesOfGroup(now, groupId)).toContain(first),
    expectDone: async (now) => {
      expect(await mappedOf(now, what)).toEqual([false, false, true]);
      expect((await now.ask('GET', `/block/volumes/${first}/exports`)).itl).toEqual([]);
    },
    cleanUp: async () => undefined,
  };
};

const orders: Readonly<Record<WorkflowName, (bench: Bench) => Promise<Order>>> = {
  'discover-provider': discoverProvider,
  'volume-create': volumeCreate,
  'export-create': exportCreate,
  'volume-expand': volumeExpand,
  'volume-delete': volumeDelete,
  'export-update': exportUpdate,
  'export-delete': exportDelete,
  'orphan-delete': orphanDelete,
};

/** Prepares what the workflow works on. */
export const orderOf = (bench: Bench, workflow: WorkflowName): Promise<Order> => orders[workflow](bench);
