import { created } from '../../../../core/inventory/changes.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { makeUrn } from '../../../../core/urn.ts';
import { defineRoute } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';
import { checkVarrays } from './check-varrays.ts';
import { newVpool } from './new-vpool.ts';
import { vpoolCreateBody } from './vpool-fields.ts';
import { vpoolBody, vpoolKind } from './vpool-kind.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/block/vpools',
  function: 'api',
  permission: systemAdmins,
  summary: 'Create a virtual pool',
  body: vpoolCreateBody,
  response: vpoolKind.body,
  status: 200,
  async handler(request, ports) {
    const checks = await checkVarrays(ports.rows, request.body.varrays, 'varrays');
    const author = authorOf(ports, request);
    const vpool = newVpool(request.body, { id: makeUrn('VirtualPool', ports.ids.uuid()), at: author.at });
    const answer = vpoolBody(vpool);
    return conclude(ports, request, { writes: [...created(vpool, author), ...checks], answer, plan: { create: answer } });
  },
});
