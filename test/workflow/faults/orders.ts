import { expect } from 'vitest';
import type { Simulator } from '../../../drivers/scaleio/simulator/start.ts';
import type { Reply } from '../../support/live.ts';
import type { Bench } from './bench.ts';
import type { WorkflowName } from './table.ts';

type Tasks = readonly Reply['body'][];

/** What a row of the table orders, and how it is taken away again. */
export interface Order {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  /** When it was carried out. */
  expectDone(bench: Bench, tasks: Tasks): Promise<void>;
  /** Puts everything back as it was before the order was prepared, whether it was carried out or not. */
  cleanUp(bench: Bench, tasks: Tasks): Promise<void>;
  /** The array once all is cleaned up. */
  readonly atEnd: string;
}

export const idle = (bench: Bench): Promise<true> =>
  bench.until('no operation is open', async () => {
    const open = (await bench.stored.all('Tasks')).some((row) => row['openPk'] !== undefined);
    return open ? undefined : true;
  });

export const tasksNow = async (bench: Bench, tasks: Tasks): Promise<Tasks> => {
  const found: Reply['body'][] = [];
  for (const { id } of tasks) found.push(await bench.ask('GET', `/vdc/tasks/${id}`));
  return found;
};

/** Carries out without faults; the resources of its tasks. */
export const carryOut = async (bench: Bench, path: string, body?: unknown): Promise<string[]> => {
  const answer = await bench.ask('POST', path, body);
  await idle(bench);
  const tasks = await tasksNow(bench, answer.task ?? [answer]);
  for (const task of tasks) if (task.state !== 'ready') throw new Error(`${path}: ${JSON.stringify(task)}`);
  return tasks.map((task) => task.resource.id);
};

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
    expectDone: async (now) => {
      expect(await mappedOf(now, what)).toEqual([false, true, true]);
      const group = await now.ask('GET', `/block/exports/${groupId}`);
      expect(group.volumes.map(({ id }: { id: string }) => id).sort()).toEqual([second, third].sort());
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
    expectDone: async (now) => {
      expect(await mappedOf(now, what)).toEqual([false, false, true]);
      expect((await now.ask('GET', `/block/volumes/${first}/exports`)).itl).toEqual([]);
    },
    cleanUp: async () => undefined,
  };
};

const orders: Readonly<Record<WorkflowName, (bench: Bench) => Promise<Order>>> = {
  'volume-create': volumeCreate,
  'export-create': exportCreate,
  'volume-expand': volumeExpand,
  'volume-delete': volumeDelete,
  'export-update': exportUpdate,
  'export-delete': exportDelete,
};

/** Prepares what the workflow works on. */
export const orderOf = (bench: Bench, workflow: WorkflowName): Promise<Order> => orders[workflow](bench);
