import type { DemoArray } from '../array.ts';
import type { FinishedTask } from '../client.ts';
import { orderAsPlanned, tasksIn, type World } from '../world.ts';
import { seeFailed, seeRefused, theOneOnArray } from './asides.ts';

interface Props {
  readonly volumeId: string;
  readonly exportId: string;
}

const otherSystemId = 'deadbeef00000001';

const providerOf = async ({ api }: World, array: DemoArray): Promise<string> => {
  const { body } = await api.get('/vdc/storage-providers');
  const providers = (body['storage_provider'] ?? []) as readonly { readonly id: string; readonly name: string }[];
  return providers.find(({ name }) => name === array.name)?.id ?? '';
};

const discover = async ({ api }: World, providerId: string): Promise<FinishedTask | undefined> => {
  const ordered = tasksIn(await api.post('/vdc/storage-providers/scan'));
  const tasks = await Promise.all(ordered.map((task) => api.finished(task)));
  return tasks.find(({ resource }) => resource.id === providerId);
};

const seeBrake = async ({ api, screen }: World, providerId: string, operations: 'frozen' | 'normal'): Promise<void> => {
  const { body } = await api.get(`/vdc/storage-providers/${providerId}`);
  const reason = body['operations_reason'] === undefined ? '' : `: ${String(body['operations_reason'])}`;
  screen.seen(body['operations'] === operations, `the storage provider ${String(body['name'])} is ${String(body['operations'])}${reason}`);
};

/** Behind a known address another array answers: it is only asked who it is. */
export const answerAsAnotherArray = async (world: World, { volumeId, exportId }: Props): Promise<void> => {
  const { array } = await theOneOnArray(world, volumeId);
  const providerId = await providerOf(world, array);
  const unexport = `/block/exports/${exportId}/deactivate`;
  await array.control('POST', '/identity', { systemId: otherSystemId });
  world.screen.line(`the gateway of ${array.name} (${array.systemId}) suddenly speaks for the array ${otherSystemId}`);
  seeFailed(world, 'its rediscovery', await discover(world, providerId));
  await seeBrake(world, providerId, 'frozen');
  await seeRefused(world, 'unexporting what lies there', () => world.api.post(unexport));
  await array.control('POST', '/identity', { systemId: array.systemId });
  await world.api.put(`/vdc/storage-providers/${providerId}`, { operations: 'normal' });
  await seeBrake(world, providerId, 'normal');
  await orderAsPlanned(world, 'unexport the volume ledger', { path: unexport });
  await orderAsPlanned(world, 'delete the volume ledger', { path: `/block/volumes/${volumeId}/deactivate` });
};
