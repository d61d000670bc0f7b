import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { HostClock } from '../clock/clock.ts';
import type { Events } from '../events/start.ts';
import type { Lambdas } from '../lambda/lambdas.ts';
import { listen, stopListening } from '../listen.ts';
import type { Parts } from '../parts.ts';
import type { Meter } from '../ports.ts';

/** What of the host can be looked at and steered from outside. */
export interface Controlled {
  readonly meter: Meter;
  readonly faults: { readonly dynamodb: Parts['dynamodb']['faults']; readonly stepfunctions: Parts['stepfunctions']['faults'] };
  readonly clock: HostClock;
  readonly executions: Parts['stepfunctions']['executions'];
  readonly events: Pick<Events, 'ruleNames' | 'fire'>;
  readonly lambdas: Pick<Lambdas, 'workers' | 'crash' | 'invoke'>;
}

export interface Control {
  readonly url: string;
  close(): Promise<void>;
}

const advance = z.strictObject({ ms: z.number().positive() });
const step = z.strictObject({ idle: z.number() });

const dynamodbFault = z.strictObject({
  clear: z.literal(true).exactOptional(),
  indexLagMs: z.number().exactOptional(),
  transactionMs: z.number().exactOptional(),
  throttle: z.object({ table: z.string().exactOptional(), operation: z.string().exactOptional(), times: z.number() }).exactOptional(),
  failAfter: z.object({ table: z.string().exactOptional(), operation: z.string().exactOptional(), times: z.number() }).exactOptional(),
  conflict: z.object({ table: z.string().exactOptional(), times: z.number() }).exactOptional(),
});

const stepfunctionsFault = z.strictObject({
  clear: z.literal(true).exactOptional(),
  loseStart: z.object({ times: z.number(), effect: z.enum(['before', 'after']) }).exactOptional(),
  throttle: z.object({ times: z.number(), operation: z.string().exactOptional() }).exactOptional(),
});

async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(await context.req.json());
}

function setDynamodbFaults(faults: Controlled['faults']['dynamodb'], given: z.infer<typeof dynamodbFault>): void {
  if (given.clear) faults.clear();
  if (given.indexLagMs !== undefined) faults.setIndexLag(given.indexLagMs);
  if (given.transactionMs !== undefined) faults.setTransactionTime(given.transactionMs);
  if (given.throttle !== undefined) faults.throttle(given.throttle);
  if (given.failAfter !== undefined) faults.failAfter(given.failAfter);
  if (given.conflict !== undefined) faults.conflict(given.conflict);
}

function setStepfunctionsFaults(faults: Controlled['faults']['stepfunctions'], given: z.infer<typeof stepfunctionsFault>): void {
  if (given.clear) faults.clear();
  if (given.loseStart !== undefined) faults.loseStart(given.loseStart);
  if (given.throttle !== undefined) faults.throttle(given.throttle);
}

function readRoutes(app: Hono, host: Controlled): void {
  app.get('/_local/health', (context) =>
    context.json({
      status: 'ready',
      now: new Date(host.clock.now()).toISOString(),
      idle: host.clock.idle(),
      rssBytes: process.memoryUsage.rss(),
      workers: host.lambdas.workers(),
    }),
  );
  app.get('/_local/meter', (context) => context.json(host.meter.snapshot()));
  app.get('/_local/executions', (context) => context.json(host.executions.list()));
  app.get('/_local/rules', (context) => context.json(host.events.ruleNames));
}

function changingRoutes(app: Hono, host: Controlled): void {
  app.post('/_local/clock/advance', async (context) => {
    await host.clock.advance((await bodyOf(context, advance)).ms);
    return context.json({ now: new Date(host.clock.now()).toISOString() });
  });
  app.post('/_local/clock/step', async (context) => {
    const stepped = host.clock.step((await bodyOf(context, step)).idle);
    return context.json({ stepped, now: new Date(host.clock.now()).toISOString() });
  });
  app.post('/_local/rules/:name/fire', (context) => context.json({}, host.events.fire(context.req.param('name')) ? 200 : 404));
  app.post('/_local/functions/:name/crash', async (context) => {
    await host.lambdas.crash(context.req.param('name'));
    return context.json({});
  });
  app.post('/_local/faults/dynamodb', async (context) => {
    setDynamodbFaults(host.faults.dynamodb, await bodyOf(context, dynamodbFault));
    return context.json({});
  });
  app.post('/_local/faults/stepfunctions', async (context) => {
    setStepfunctionsFaults(host.faults.stepfunctions, await bodyOf(context, stepfunctionsFault));
    return context.json({});
  });
}

/** JSON routes for tests and demonstrations, on a loopback port of their own. */
export async function startControl(host: Controlled, port = 0): Promise<Control> {
  const app = new Hono();
  // A web page can send no JSON here without asking first, which nobody answers.
  app.use(async (context, next) => {
    const isJson = context.req.header('Content-Type')?.startsWith('application/json') === true;
    return context.req.method === 'POST' && !isJson ? context.json({ error: 'send application/json' }, 415) : next();
  });
  readRoutes(app, host);
  changingRoutes(app, host);
  app.onError((error, context) =>
    context.json(
      { error: error instanceof z.ZodError ? z.prettifyError(error) : error.message },
      error instanceof z.ZodError || error instanceof SyntaxError ? 400 : 500,
    ),
  );
  const server = createServer(getRequestListener(app.fetch));
  return { url: `http://127.0.0.1:${await listen(server, port)}`, close: () => stopListening(server) };
}
