import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { type KnownQueue, orderRedrive, readQueues } from '../../../../core/operation/queues.ts';
import { authorOf, conclude } from '../../../../core/request.ts';
import { defineRoute, type Route } from '../../route.ts';
import { systemAdmins, systemReaders } from '../resource-kind.ts';

const queueShape = z.object({
  name: z.string(),
  waiting: z.number(),
  in_flight: z.number(),
  since: z.string().optional().describe('Since when it is not empty, as far as it was seen; looked at every minute'),
});

const queueBody = ({ name, waiting, inFlight, since }: KnownQueue): z.infer<typeof queueShape> => ({
  name,
  waiting,
  in_flight: inFlight,
  ...(since ? { since } : {}),
});

const show = defineRoute({
  method: 'GET',
  path: '/config/queues',
  function: 'api',
  permission: systemReaders,
  summary: 'What waits in the queue of scheduled jobs and among its dead letters, as seen within the last minute',
  response: z.object({ queue: z.array(queueShape), redrive_ordered: z.boolean() }),
  status: 200,
  async handler(_request, { rows }) {
    const { queues, isRedriveOrdered } = await readQueues(rows);
    return { queue: queues.map(queueBody), redrive_ordered: isRedriveOrdered };
  },
});

const redrive = defineRoute({
  method: 'POST',
  path: '/config/queues/{name}/redrive',
  function: 'api',
  permission: systemAdmins,
  summary: 'Move the dead letters of the queue `jobs` back to it, at the next minute',
  response: z.object({ redrive_ordered: z.boolean() }),
  status: 202,
  handler(request, ports) {
    const { name = '' } = request.params;
    if (name !== 'jobs')
      throw new ControlPlaneError(`there is no queue ${JSON.stringify(name.slice(0, 40))}; there is jobs`, { code: 'resource.notFound' });
    const { actor, at } = authorOf(ports, request);
    const answer = { redrive_ordered: true };
    return conclude(ports, request, { writes: [orderRedrive(actor, at)], answer, plan: { ...answer, queue: name } });
  },
});

export const queueRoutes: readonly Route[] = [show, redrive];
