import type * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { changed } from '../../../../core/inventory/changes.ts';
import { getActive } from '../../../../core/inventory/read.ts';
import type { VirtualPool } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { defineRoute } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { findVolume } from './find-volume.ts';
import { checkVarrays } from './new-vpool.ts';
import { vpoolUpdateBody, withFields } from './vpool-fields.ts';
import { vpoolBody, vpoolKind } from './vpool-kind.ts';

type Changes = z.infer<typeof vpoolUpdateBody>;

const merged = (before: readonly string[], add: readonly string[], remove: readonly string[]): string[] => [
  ...new Set([...before.filter((value) => !remove.includes(value)), ...add]),
];

const refuseInUse = async (rows: Rows, vpool: VirtualPool, removed: readonly string[]): Promise<void> => {
  if (removed.length === 0) return;
  const volume = await findVolume(rows, ({ vpoolId, varrayId }) => vpoolId === vpool.id && removed.includes(varrayId));
  if (volume)
    throw new ControlPlaneError(
      `varray_changes.remove: the volume ${volume.name} (${volume.id}) of this virtual pool is in the virtual array ${volume.varrayId}`,
      { code: 'resource.inUse' },
    );
};

const varraysAfter = async (rows: Rows, vpool: VirtualPool, changes: Changes['varray_changes']): Promise<string[]> => {
  if (!changes) return vpool.varrayIds;
  await checkVarrays(rows, changes.add.varrays, 'varray_changes.add.varrays');
  await refuseInUse(rows, vpool, changes.remove.varrays);
  return merged(vpool.varrayIds, changes.add.varrays, changes.remove.varrays);
};

const protocolsAfter = (vpool: VirtualPool, changes: Changes['protocol_changes']): string[] => {
  const protocols = changes ? merged(vpool.protocols, changes.add.protocol, changes.remove.protocol) : vpool.protocols;
  if (protocols.length === 0)
    throw new ControlPlaneError('protocol_changes.remove: no protocol would be left; a virtual pool has at least one', {
      code: 'request.parameterInvalid',
    });
  return protocols;
};

export const route = defineRoute({
  method: 'PUT',
  path: '/block/vpools/{id}',
  function: 'api',
  permission: systemAdmins,
  summary: 'Change a virtual pool; volumes stay where they are',
  body: vpoolUpdateBody,
  response: vpoolKind.body,
  status: 200,
  async handler(request, ports) {
    const { body } = request;
    const vpool = await getActive(ports.rows, 'system', { type: 'VirtualPool', id: request.params['id'] ?? '' });
    const next: VirtualPool = {
      ...withFields(vpool, body),
      name: body.name ?? vpool.name,
      varrayIds: await varraysAfter(ports.rows, vpool, body.varray_changes),
      protocols: protocolsAfter(vpool, body.protocol_changes),
    };
    const answer = vpoolBody(next);
    const writes = changed(vpool, next, { author: authorOf(ports, request) });
    return conclude(ports, request, { writes, answer, plan: { change: answer } });
  },
});
