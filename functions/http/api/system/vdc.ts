import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { readInstallation } from '../../../../core/identity/installation.ts';
import { defineRoute } from '../../route.ts';

export const route = defineRoute({
  method: 'GET',
  path: '/vdc',
  function: 'api',
  permission: 'authenticated',
  summary: 'This installation',
  response: z.object({ id: z.string(), short_id: z.string(), mark: z.string(), epoch: z.number(), creation_time: z.number() }),
  status: 200,
  async handler(_request, { rows }) {
    const installation = await readInstallation(rows);
    if (!installation) throw new ControlPlaneError('the installation is not set up; log in once', { code: 'resource.notFound' });
    const { mark, epoch, createdAt } = installation;
    return { id: `urn:storageos:VirtualDataCenter:${mark}:vdc1`, short_id: 'vdc1', mark, epoch, creation_time: Date.parse(createdAt) };
  },
});
