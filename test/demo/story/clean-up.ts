import { type Before, settleAccounts } from '../accounts.ts';
import { orderAsPlanned, type World } from '../world.ts';
import type { Provisioned } from './provision.ts';

/** Everything that was ordered is taken back; the arrays are as they were. */
export const cleanUp = async (world: World, provisioned: Provisioned, before: Before): Promise<void> => {
  world.screen.chapter('Unexport and delete all of it');
  await orderAsPlanned(world, 'delete the export', { path: `/block/exports/${provisioned.exportId}/deactivate` });
  await orderAsPlanned(world, 'delete 3 volumes', { path: '/block/volumes/deactivate', body: { id: provisioned.volumeIds } });
  await settleAccounts(world, before);
};
