import * as z from 'zod';
import { changed, created } from '../../../../core/inventory/changes.ts';
import { getActive } from '../../../../core/inventory/read.ts';
import { newResource } from '../../../../core/inventory/resource.ts';
import type { VirtualArray } from '../../../../core/inventory/schemas.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { makeUrn } from '../../../../core/urn.ts';
import { defineRoute } from '../../route.ts';
import { flagField, nameField } from '../fields.ts';
import { systemAdmins } from '../resource-kind.ts';
import { varrayBody, varrayKind } from './varray-kind.ts';

const blockSettings = z.strictObject({ auto_san_zoning: flagField.optional() }).default({});

export const createVarray = defineRoute({
  method: 'POST',
  path: '/vdc/varrays',
  function: 'api',
  permission: systemAdmins,
  summary: 'Create a virtual array',
  body: z.strictObject({ name: nameField, block_settings: blockSettings }),
  response: varrayKind.body,
  status: 200,
  async handler(request, ports) {
    const { name, block_settings } = request.body;
    const author = authorOf(ports, request);
    const varray: VirtualArray = {
      ...newResource(makeUrn('VirtualArray', ports.ids.uuid()), name, author.at),
      autoSanZoning: block_settings.auto_san_zoning ?? true,
    };
    const answer = varrayBody(varray);
    return conclude(ports, request, { writes: created(varray, author), answer, plan: { create: answer } });
  },
});

export const updateVarray = defineRoute({
  method: 'PUT',
  path: '/vdc/varrays/{id}',
  function: 'api',
  permission: systemAdmins,
  summary: 'Change a virtual array',
  body: z.strictObject({ name: nameField.optional(), block_settings: blockSettings }),
  response: varrayKind.body,
  status: 200,
  async handler(request, ports) {
    const varray = await getActive(ports.rows, 'system', { type: 'VirtualArray', id: request.params['id'] ?? '' });
    const { name = varray.name, block_settings } = request.body;
    const patch = { name, autoSanZoning: block_settings.auto_san_zoning ?? varray.autoSanZoning };
    const answer = varrayBody({ ...varray, ...patch });
    const writes = changed(varray, patch, { author: authorOf(ports, request) });
    return conclude(ports, request, { writes, answer, plan: { change: answer } });
  },
});
