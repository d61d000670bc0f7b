import type { Hono } from 'hono';
import * as z from 'zod';
import { GatewayError, refuse } from './errors.ts';
import { hostsByReference } from './load-hosts.ts';
import { setConnection } from './maintenance.ts';
import { beginFailover } from './mdm.ts';
import { percentOf } from './migration.ts';
import type { ArrayState, Sdc } from './model.ts';
import { requireFreeName } from './names.ts';

const connection = z.strictObject({ connected: z.boolean() });
const failure = z.strictObject({ failed: z.boolean() });
const failover = z.strictObject({ calls: z.number().int().positive().default(3) });
const newSdc = z.strictObject({
  name: z.string().nullable().default(null),
  guid: z.guid(),
  ips: z.array(z.string()).min(1),
  osType: z.string().default('Linux'),
});

export function hostOf(array: ArrayState, reference: string | undefined): Sdc {
  const sdc = hostsByReference(array).get(reference ?? '');
  if (sdc === undefined) throw refuse('INI_NOT_FOUND');
  return sdc;
}

function named<T extends { id: string; name: string }>(items: Map<string, T>, reference: string): T {
  const item = items.get(reference) ?? [...items.values()].find(({ name }) => name === reference);
  if (item === undefined) throw new GatewayError({ message: `the array has no ${reference}`, httpStatusCode: 500, errorCode: 0 });
  return item;
}

/** An SDC that was not there before. In restricted mode it waits for its approval. */
function addSdc(array: ArrayState, { guid, name, ips, osType }: z.output<typeof newSdc>): { id: string } {
  if (array.sdcs.size >= array.limits.sdcs) throw refuse('UNCONFIRMED_SDC_LIMIT');
  if (name !== null) requireFreeName({ name, among: array.sdcs.values(), inUse: 'INI_NAME_IN_USE' });
  const id = array.newId('Sdc');
  array.sdcs.set(id, {
    ...{ id, name, ips, osType, guid: guid.toUpperCase(), hostType: 'SdcHost', connected: true, perfProfile: 'HighPerformance' },
    ...{ approved: array.system.restrictedSdcMode === 'None', approvedIps: null, nqn: null, maxNumPaths: null, maxNumSysPorts: null },
  });
  return { id };
}

function controlHosts(app: Hono, array: ArrayState): void {
  app.post('/sdcs', async (context) => context.json(addSdc(array, newSdc.parse(await context.req.json()))));
  app.post('/sdcs/:sdc/connection', async (context) => {
    hostOf(array, context.req.param('sdc')).connected = connection.parse(await context.req.json()).connected;
    return context.json({});
  });
}

function controlUnits(app: Hono, array: ArrayState): void {
  app.post('/sdss/:sds/connection', async (context) => {
    setConnection(array, named(array.sdss, context.req.param('sds')), connection.parse(await context.req.json()).connected);
    return context.json({});
  });
  app.post('/devices/:device/failure', async (context) => {
    const device = named(array.devices, context.req.param('device'));
    const { failed } = failure.parse(await context.req.json());
    const nowMs = array.clock.nowMs();
    if (failed && !device.failed) device.absence = { sinceMs: nowMs, returnedAtMs: null };
    if (!failed && device.absence !== null) device.absence.returnedAtMs = nowMs;
    device.failed = failed;
    return context.json({});
  });
}

const migrationsOf = (array: ArrayState) =>
  [...array.vtrees.values()].flatMap(({ id, migration }) =>
    migration === null
      ? []
      : [
          {
            ...{ vtreeId: id, fromPoolId: migration.fromPoolId, toPoolId: migration.toPoolId, state: migration.state },
            percent: percentOf(array, migration),
          },
        ],
  );

/** What happens to the machines under the array. */
export function controlHardware(app: Hono, array: ArrayState): void {
  controlHosts(app, array);
  controlUnits(app, array);
  app.post('/failover', async (context) => {
    beginFailover(array, failover.parse(await context.req.json()).calls);
    return context.json({});
  });
  app.get('/migrations', (context) => context.json(migrationsOf(array)));
}
