import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { listStubs } from '../../../../core/inventory/read.ts';
import { removeUnused } from '../../../../core/inventory/withdraw.ts';
import type { Rows } from '../../../../core/ports.ts';
import { defineRoute } from '../../route.ts';
import { tenantUsers } from '../resource-kind.ts';
import { getOwnProject } from './own-project.ts';

const held = async (rows: Rows, type: 'Volume' | 'ExportGroup', projectId: string): Promise<string[]> => {
  const { stubs } = await listStubs(rows, { type, scope: projectId }, { limit: 5 });
  return stubs.map(({ name }) => name);
};

const refuseHeld = async (rows: Rows, project: { id: string; name: string }): Promise<void> => {
  const [volumes, groups] = await Promise.all([held(rows, 'Volume', project.id), held(rows, 'ExportGroup', project.id)]);
  const names = [...volumes.map((name) => `volume ${name}`), ...groups.map((name) => `export group ${name}`)];
  if (names.length > 0)
    throw new ControlPlaneError(`the project ${project.name} holds ${names.join(', ')}; remove them first`, { code: 'resource.inUse' });
};

export const route = defineRoute({
  method: 'POST',
  path: '/projects/{id}/deactivate',
  function: 'api',
  permission: tenantUsers,
  summary: 'Remove a project that holds nothing',
  response: z.object({}),
  status: 200,
  async handler(request, ports) {
    const project = await getOwnProject(ports.rows, request.principal, request.params['id'] ?? '');
    return removeUnused(ports, request, { resource: project, refuseUsed: () => refuseHeld(ports.rows, project) });
  },
});
