import { expect } from 'vitest';
import type { Reply } from '../../support/live.ts';
import type { Bench } from './bench.ts';
import type { WorkflowName } from './table.ts';

/** What a row of the table orders, and how it is taken away again. */
export interface Order {
  readonly path: string;
  readonly body?: unknown;
  readonly method?: 'PUT';
  /** When it was carried out. */
  expectDone(tasks: readonly Reply['body'][]): Promise<void>;
  /** Puts everything back as it was before the order. */
  cleanUp(tasks: readonly Reply['body'][]): Promise<void>;
}

export const idle = (bench: Bench): Promise<true> =>
  bench.until('no operation is open', async () => {
    const open = (await bench.stored.all('Tasks')).some((row) => row['openPk'] !== undefined);
    return open ? undefined : true;
  });

/** Carries out without faults; the resources of its tasks. */
export const carryOut = async (bench: Bench, path: string, body?: unknown): Promise<string[]> => {
  const answer = await bench.ask('POST', path, body);
  await idle(bench);
  const tasks: Reply['body'][] = [];
  for (const { id } of answer.task ?? [answer]) tasks.push(await bench.ask('GET', `/vdc/tasks/${id}`));
  for (const task of tasks) if (task.state !== 'ready') throw new Error(`${path}: ${JSON.stringify(task)}`);
  return tasks.map((task) => task.resource.id);
};

const volumesBody = ({ estate }: Bench, name: string, count: number) => ({
  ...{ name, count, size: '8GB' },
  ...{ project: estate.projectId, varray: estate.varrayId, vpool: estate.vpoolId },
});

const resourcesOf = (tasks: readonly Reply['body'][]): string[] => tasks.map((task) => task.resource.id);

const removeVolumes = async (bench: Bench, ids: readonly string[]): Promise<void> => {
  for (const id of ids) await carryOut(bench, `/block/volumes/${id}/deactivate`);
};

const volumeCreate = async (bench: Bench): Promise<Order> => ({
  path: '/block/volumes',
  body: volumesBody(bench, 'data', 2),
  expectDone: async (tasks) => {
    expect(tasks).toHaveLength(2);
    for (const id of resourcesOf(tasks)) {
      const volume = await bench.ask('GET', `/block/volumes/${id}`);
      expect(bench.array.volumes().map((each) => each.id)).toContain(volume.native_id);
    }
  },
  cleanUp: (tasks) => removeVolumes(bench, resourcesOf(tasks)),
});

interface Exporting {
  readonly volumeIds: readonly string[];
  readonly hostId: string;
  readonly initiator: string;
}

const prepared = new WeakMap<Bench, Exporting>();

const nativeIdOf = async (bench: Bench, id: string): Promise<string> => (await bench.ask('GET', `/block/volumes/${id}`)).native_id;

/** Three volumes; somebody else has mapped the last one to the host already. */
const exporting = async (bench: Bench): Promise<Exporting> => {
  const known = prepared.get(bench);
  if (known !== undefined) return known;
  const volumeIds = await carryOut(bench, '/block/volumes', volumesBody(bench, 'exported', 3));
  const sdc = bench.array.volumes().find(({ name }) => name === 'theirs')?.mappedTo[0] ?? '';
  await bench.array.outsider(`/volumes/${await nativeIdOf(bench, volumeIds[2] ?? '')}/mappings`, { sdc: 'host1' });
  const initiators = (await bench.stored.all('Inventory')).filter((row) => row.sk === 'RESOURCE' && row['port'] === sdc);
  const made = { volumeIds, hostId: String(initiators[0]?.['hostId']), initiator: sdc };
  prepared.set(bench, made);
  return made;
};

const mappedOf = async (bench: Bench, { volumeIds, initiator }: Exporting): Promise<boolean[]> => {
  const natives = await Promise.all(volumeIds.map((id) => nativeIdOf(bench, id)));
  return natives.map((native) => bench.array.volumes().find(({ id }) => id === native)?.mappedTo.includes(initiator) ?? false);
};

const exportBody = ({ estate }: Bench, { volumeIds, hostId }: Exporting) => ({
  ...{ name: 'app', project: estate.projectId, varray: estate.varrayId, type: 'Host', hosts: [hostId] },
  volumes: volumeIds.map((id) => ({ id })),
});

const exportCreate = async (bench: Bench): Promise<Order> => {
  const what = await exporting(bench);
  return {
    path: '/block/exports',
    body: exportBody(bench, what),
    expectDone: async ([task]) => {
      const { itl } = await bench.ask('GET', `/block/volumes/${what.volumeIds[0]}/exports`);
      expect(itl).toHaveLength(1);
      expect(task.resource.name).toBe('app');
      expect(await mappedOf(bench, what)).toEqual([true, true, true]);
    },
    cleanUp: async ([task]) => {
      await carryOut(bench, `/block/exports/${task.resource.id}/deactivate`);
      expect(await mappedOf(bench, what)).toEqual([false, false, true]);
    },
  };
};

const orders: Partial<Record<WorkflowName, (bench: Bench) => Promise<Order>>> = {
  'volume-create': volumeCreate,
  'export-create': exportCreate,
};

export const orderOf = (bench: Bench, workflow: WorkflowName): Promise<Order> => {
  const order = orders[workflow];
  if (order === undefined) throw new Error(`there is no order for ${workflow}`);
  return order(bench);
};
