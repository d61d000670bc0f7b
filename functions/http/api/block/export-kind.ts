import * as z from 'zod';
import { referenceBody } from '../../../../core/inventory/links.ts';
import { getMany } from '../../../../core/inventory/read.ts';
import type { ExportGroup } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import { commonBody, commonShape, linkShape, referenceShape } from '../common-body.ts';
import { hostBody, hostKind } from '../compute/host-kind.ts';
import { initiatorBody, initiatorKind } from '../compute/initiator-kind.ts';
import { type ResourceKind, tenantAdmins } from '../resource-kind.ts';

const exportShape = z.object({
  ...commonShape,
  type: z.string(),
  generated_name: z.string(),
  project: referenceShape,
  tenant: referenceShape,
  varray: referenceShape,
  volumes: z.array(z.object({ id: z.string(), link: linkShape, lun: z.number() })),
  initiators: z.array(initiatorKind.body),
  hosts: z.array(hostKind.body),
  clusters: z.array(z.never()),
  path_params: z.array(z.never()),
  state: z.string(),
});

/** Hosts and initiators are shown whole, as old clients read them; they are those of the group, whoever owns them now. */
const represent = async (group: ExportGroup, { rows }: { rows: Rows }): Promise<object> => {
  const [initiators, hosts] = await Promise.all([
    getMany(rows, 'system', { type: 'Initiator', ids: group.initiatorIds }),
    getMany(rows, 'system', { type: 'Host', ids: group.exportType === 'Initiator' ? [] : group.hostIds }),
  ]);
  return {
    ...commonBody(group),
    type: group.exportType,
    generated_name: group.name,
    project: referenceBody(group.projectId),
    tenant: referenceBody(group.tenantId),
    varray: referenceBody(group.varrayId),
    volumes: group.volumes.map(({ id, lun }) => ({ ...referenceBody(id), lun: lun ?? -1 })),
    initiators: initiators.map(initiatorBody),
    hosts: hosts.map(hostBody),
    clusters: [],
    path_params: [],
    state: group.state,
  };
};

export const exportKind: ResourceKind<'ExportGroup'> = {
  type: 'ExportGroup',
  path: '/block/exports',
  noun: 'export group',
  listKey: 'export',
  body: exportShape,
  read: 'authenticated',
  write: tenantAdmins,
  scope: 'project',
  represent,
};
