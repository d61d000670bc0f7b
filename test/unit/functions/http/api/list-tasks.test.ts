import { beforeEach, expect, it } from 'vitest';
import type { Operation, Task } from '../../../../../core/operation/schema.ts';
import { taskWrite } from '../../../../../core/operation/store.ts';
import { makeUrn } from '../../../../../core/urn.ts';
import { tenantId, vpoolId } from '../../../../support/block-world.ts';
import { aHttpWorld, type HttpWorld } from '../../../../support/http-world.ts';

const operationId: Operation['id'] = '00000000-0000-4000-8000-00000000000a';
const count = 1500;

/** One a minute, from the first minute of the year on. */
const aTask = (n: number): Task => ({
  id: makeUrn('Task', `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
  operationId,
  resourceId: vpoolId,
  resourceName: 'gold',
  tenantId,
  name: 'TEST',
  state: 'ready',
  message: '',
  progress: 100,
  startedAt: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
  associatedIds: [],
});

let world: HttpWorld;
beforeEach(async () => {
  world = aHttpWorld();
  const writes = Array.from({ length: count }, (_, n) => taskWrite(aTask(n)));
  for (const write of writes) if (write.do === 'put') world.rows.seed('Tasks', [write.row]);
});

const list = async (query: string): Promise<{ task: { id: string }[]; next_cursor?: string }> =>
  (await world.send('GET', `/vdc/tasks?${query}`, { as: 'tina' })).body;

it('tasks of a time are found however many are newer, both ends included', async () => {
  const { task } = await list('startTime=2026-01-01T00:05:00Z&endTime=2026-01-01T00:07:00Z');
  expect(task.map(({ id }) => id)).toEqual([7, 6, 5].map((n) => aTask(n).id));
});

it('the newest 1,000 tasks are listed, or as many as are asked for', async () => {
  expect((await list('')).task).toHaveLength(1000);
  expect((await list('max_count=1200')).task).toHaveLength(1200);
  expect((await list('max_count=10000')).task).toHaveLength(count);
  expect((await list('max_count=2')).task.map(({ id }) => id)).toEqual([aTask(count - 1).id, aTask(count - 2).id]);
});

it('tasks come in pages when pages are asked for', async () => {
  const first = await list('limit=2&endTime=2026-01-01T00:02:00Z');
  expect(first.task.map(({ id }) => id)).toEqual([aTask(2).id, aTask(1).id]);
  const second = await list(`limit=2&endTime=2026-01-01T00:02:00Z&cursor=${encodeURIComponent(first.next_cursor ?? '')}`);
  expect(second.task.map(({ id }) => id)).toEqual([aTask(0).id]);
});
