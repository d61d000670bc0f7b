import * as z from 'zod';
import type { VirtualArray } from '../../../../core/inventory/schemas.ts';
import { commonBody, commonShape } from '../common-body.ts';
import { type ResourceKind, systemAdmins } from '../resource-kind.ts';

const varrayShape = z.object({ ...commonShape, block_settings: z.object({ auto_san_zoning: z.boolean() }) });

export const varrayBody = (varray: VirtualArray): z.infer<typeof varrayShape> => ({
  ...commonBody(varray),
  block_settings: { auto_san_zoning: varray.autoSanZoning },
});

export const varrayKind: ResourceKind<'VirtualArray'> = {
  type: 'VirtualArray',
  path: '/vdc/varrays',
  noun: 'virtual array',
  listKey: 'varray',
  body: varrayShape,
  read: 'authenticated',
  write: systemAdmins,
  scope: 'all',
  represent: varrayBody,
};
