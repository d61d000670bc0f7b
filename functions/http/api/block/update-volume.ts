import * as z from 'zod';
import { updateVolume } from '../../../../core/volume/update.ts';
import { defineRoute } from '../../route.ts';
import { flagField, nameField } from '../fields.ts';
import { tenantAdmins } from '../resource-kind.ts';
import { volumeShape } from './volume-kind.ts';

export const route = defineRoute({
  method: 'PUT',
  path: '/block/volumes/{id}',
  function: 'api',
  permission: tenantAdmins,
  summary: 'Rename a volume, or protect it from being deleted',
  body: z.strictObject({ name: nameField.optional(), delete_protected: flagField.optional() }),
  response: volumeShape,
  status: 200,
  handler: (request, ports) => {
    const { name, delete_protected: deleteProtected } = request.body;
    return updateVolume(ports, request, { volumeId: request.params['id'] ?? '', name, deleteProtected });
  },
});
