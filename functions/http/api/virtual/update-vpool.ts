import type * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { getActive } from '../../../../core/inventory/read.ts';
import type { VirtualPool } from '../../../../core/inventory/schemas.ts';
import { withdraw } from '../../../../core/inventory/withdraw.ts';
import { defineRoute } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { checkVarrays } from './check-varrays.ts';
import { vpoolUpdateBody, withFields } from './vpool-fields.ts';
import { vpoolBody, vpoolKind } from './vpool-kind.ts';

type Changes = z.infer<typeof vpoolUpdateBody>;

const merged = (before: readonly string[], add: readonly string[], remove: readonly string[]): string[] => [
  ...new Set([...before.filter((value) => !remove.includes(value)), ...add]),
];

const noVarrays: NonNullable<Changes['varray_changes']> = { add: { varrays: [] }, remove: { varrays: [] } };

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
    const { add, remove } = body.varray_changes ?? noVarrays;
    const more = await checkVarrays(ports.rows, add.varrays, 'varray_changes.add.varrays');
    const patch: VirtualPool = {
      ...withFields(vpool, body),
      name: body.name ?? vpool.name,
      varrayIds: merged(vpool.varrayIds, add.varrays, remove.varrays),
      protocols: protocolsAfter(vpool, body.protocol_changes),
    };
    const answer = vpoolBody(patch);
    return withdraw(ports, request, { resource: vpool, patch, more, taken: remove.varrays, answer, plan: { change: answer } });
  },
});
