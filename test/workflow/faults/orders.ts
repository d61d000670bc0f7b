import { expect } from 'vitest';
import type { Simulator } from '../../../drivers/scaleio/simulator/start.ts';
import { carryOut, type Order, type Tasks } from './carry-out.ts';
import type { Ground } from './ground.ts';
import { discoverProvider } from './order-discovery.ts';
import { orphanDelete } from './order-orphan.ts';
import type { WorkflowName } from './rows.ts';

export const volumesBody = ({ estate }: Ground, name: string, count: number) => ({
  ...{ name, count, size: '8GB' },
  ...{ project: estate.projectId, varray: estate.varrayId, vpool: estate.vpoolId },
});

const resourcesOf = (tasks: Tasks): string[] => tasks.map((task) => task.resource.id);

const removeVolumes = async (ground: Ground, ids: readonly string[]): Promise<void> => {
  for (const id of ids) await carryOut(ground, `/block/volumes/${id}/deactivate`);
};

export const nativeIdOf = async (ground: Ground, id: string): Promise<string> =>
  (await ground.ask('GET', `/block/volumes/${id}`)).native_id;

const volumeCreate = async (ground: Ground): Promise<Order> => ({
  method: 'POST',
  path: '/block/volumes',
  body: volumesBody(ground, 'data', 2),
  atEnd: ground.array.bytes(),
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

const volumeExpand = async (ground: Ground): Promise<Order> => {
  const atEnd = ground.array.bytes();
  const [id = ''] = await carryOut(ground, '/block/volumes', volumesBody(ground, 'grows', 1));
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

const volumeDelete = async (ground: Ground): Promise<Order> => {
  const atEnd = ground.array.bytes();
  const [id = ''] = await carryOut(ground, '/block/volumes', volumesBody(ground, 'goes', 1));
  const nativeId = await nativeIdOf(ground, id);
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
export const exporting = async (ground: Ground): Promise<Exporting> => {
  const known = prepared.get(ground.array.simulator);
  if (known !== undefined) return known;
  const volumeIds = await carryOut(ground, '/block/volumes', volumesBody(ground, 'exported', 3));
  const initiator = ground.array.volumes().find(({ name }) => name === 'theirs')?.mappedTo[0] ?? '';
  await ground.array.outsider(`/volumes/${await nativeIdOf(ground, volumeIds[2] ?? '')}/mappings`, { sdc: 'host1' });
  const found = (await ground.stored.all('Inventory')).find((row) => row.sk === 'RESOURCE' && row['port'] === initiator);
  const made = { volumeIds, hostId: String(found?.['hostId']), initiator };
  prepared.set(ground.array.simulator, made);
  return made;
};

/** Which of the three the array maps to the host. */
const mappedOf = async (ground: Ground, { volumeIds, initiator }: Exporting): Promise<boolean[]> => {
  const natives = await Promise.all(volumeIds.map((id) => nativeIdOf(ground, id)));
  return natives.map(
    (native) =>
      ground.array
        .volumes()
        .find(({ id }) => id === native)
        ?.mappedTo.includes(initiator) ?? false,
  );
};

export const exportBody = ({ estate }: Ground, { hostId }: Exporting, volumeIds: readonly string[]) => ({
  ...{ name: 'app', project: estate.projectId, varray: estate.varrayId, type: 'Host', hosts: [hostId] },
  volumes: volumeIds.map((id) => ({ id })),
});

const unexport = async (ground: Ground, groupId: string): Promise<void> => {
  await carryOut(ground, `/block/exports/${groupId}/deactivate`);
};

const exportCreate = async (ground: Ground): Promise<Order> => {
  const what = await exporting(ground);
  return {
    method: 'POST',
    path: '/block/exports',
    body: exportBody(ground, what, what.volumeIds),
    atEnd: ground.array.bytes(),
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

const volumesOfGroup = async ({ ask }: Ground, groupId: string): Promise<string[]> =>
  (await ask('GET', `/block/exports/${groupId}`)).volumes.map(({ id }: { id: string }) => id).sort();

/** Adds the second volume and removes the first. */
const exportUpdate = async (ground: Ground): Promise<Order> => {
  const what = await exporting(ground);
  const atEnd = ground.array.bytes();
  const [first = '', second = '', third = ''] = what.volumeIds;
  const [groupId = ''] = await carryOut(ground, '/block/exports', exportBody(ground, what, [first, third]));
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

const exportDelete = async (ground: Ground): Promise<Order> => {
  const what = await exporting(ground);
  const atEnd = ground.array.bytes();
  const [first = '', , third = ''] = what.volumeIds;
  const [groupId = ''] = await carryOut(ground, '/block/exports', exportBody(ground, what, [first, third]));
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

const orders: Readonly<Record<WorkflowName, (ground: Ground) => Promise<Order>>> = {
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
export const orderOf = (ground: Ground, workflow: WorkflowName): Promise<Order> => orders[workflow](ground);
