import { ControlPlaneError } from '../errors.ts';
import { ownTenant } from '../identity/access.ts';
import { created } from '../inventory/changes.ts';
import { getReferred } from '../inventory/read.ts';
import { newResource } from '../inventory/resource.ts';
import type { ExportGroup } from '../inventory/schemas.ts';
import { replanning } from '../operation/replan.ts';
import { type ApiPorts, authorOf, type Conclusion, type RequestContext } from '../request.ts';
import { makeUrn, taskIdOf } from '../urn.ts';
import { acceptExport } from './accept.ts';
import { findInitiators, findVolumes, membersOf, noMembers, refuseClusters } from './resolve.ts';

export interface ExportOrder {
  readonly name: string;
  readonly project: string;
  readonly varray: string;
  readonly type: ExportGroup['exportType'];
  readonly volumes: readonly { readonly id: string; readonly lun?: number | undefined }[];
  readonly hosts: readonly string[];
  readonly initiators: readonly string[];
  readonly clusters: readonly string[];
}

const requireSupported = ({ type, hosts, clusters }: ExportOrder): void => {
  refuseClusters(clusters);
  if (type === 'Cluster')
    throw new ControlPlaneError('type: exports to clusters are not supported; use Host or Initiator', { code: 'export.unsupported' });
  if (type === 'Initiator' && hosts.length > 0)
    throw new ControlPlaneError('hosts: an export group of type Initiator takes initiators; use the type Host', {
      code: 'request.parameterInvalid',
    });
};

/** Each volume once. A negative number is the array's choice. */
export const withLuns = (volumes: ExportOrder['volumes']): ExportGroup['volumes'] =>
  [...new Map(volumes.map(({ id, lun }) => [id, lun]))].map(([id, lun]) => ({ id, ...(lun === undefined || lun < 0 ? {} : { lun }) }));

/** Makes an export group, empty or not, and maps every volume of it to every initiator of it: all or none. */
export const createExport = async (ports: ApiPorts, request: RequestContext, order: ExportOrder): Promise<Conclusion['answer']> => {
  requireSupported(order);
  const { rows } = ports;
  const asking = { rows, principal: request.principal };
  const reader = ownTenant(request.principal);
  return replanning(async () => {
    const [project, varray, initiators] = await Promise.all([
      getReferred(rows, reader, { type: 'Project', id: order.project, field: 'project' }),
      getReferred(rows, reader, { type: 'VirtualArray', id: order.varray, field: 'varray' }),
      findInitiators(asking, order),
    ]);
    const operationId = ports.ids.uuid();
    const id = makeUrn('ExportGroup', ports.ids.uuid());
    const after = membersOf(withLuns(order.volumes), initiators);
    const group: ExportGroup = {
      ...newResource(id, order.name, new Date(ports.clock.now()).toISOString()),
      tenantId: project.tenantId,
      activeTaskId: taskIdOf(operationId, id),
      projectId: project.id,
      varrayId: varray.id,
      exportType: order.type,
      state: 'creating',
      ...after,
    };
    return acceptExport(ports, request, {
      workflow: 'export-create',
      taskName: 'CREATE EXPORT GROUP',
      operationId,
      group,
      before: noMembers,
      after,
      initiators,
      volumes: await findVolumes(
        asking,
        group,
        order.volumes.map((volume) => volume.id),
      ),
      groupWrites: created(group, authorOf(ports, request, operationId)),
    });
  });
};
