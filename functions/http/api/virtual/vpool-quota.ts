import { getActive } from '../../../../core/inventory/read.ts';
import { quotaRoutes } from '../quota-routes.ts';
import { systemAdmins, systemReaders } from '../resource-kind.ts';

export const vpoolQuotaRoutes = quotaRoutes({
  path: '/block/vpools',
  noun: 'virtual pool',
  read: systemReaders,
  write: systemAdmins,
  find: (rows, { id }) => getActive(rows, 'system', { type: 'VirtualPool', id }),
});
