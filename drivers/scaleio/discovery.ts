import type { InventoryPage, InventoryRequest } from '../sdk/verbs.ts';
import { readPhysicalPage } from './physical-walk.ts';
import type { Run } from './run.ts';
import { readVolumePage } from './volume-walk.ts';

export const readInventory = ({ gateway }: Run, request: InventoryRequest): Promise<InventoryPage> =>
  request.scope === 'physical' ? readPhysicalPage(gateway, request) : readVolumePage(gateway, request);
