import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import * as z from 'zod';
import { controlArray } from './control-array.ts';
import { dump } from './dump.ts';
import { GatewayError } from './errors.ts';
import type { Simulation } from './exchange.ts';
import { faultRule } from './faults.ts';
import { SeedError } from './seed-schema.ts';

const faultRules = z.union([
  faultRule.transform((rule) => [rule]),
  z.strictObject({ rules: z.array(faultRule) }).transform(({ rules }) => rules),
]);
const seconds = z.strictObject({ advanceSeconds: z.number().nonnegative() });

function controlFaults(app: Hono, { faults }: Simulation): void {
  app.post('/faults', async (context) => {
    const rules = faultRules.parse(await context.req.json());
    for (const rule of rules) faults.add(rule);
    return context.json({ added: rules.length });
  });
  app.get('/faults', (context) => context.json(faults.list()));
  app.delete('/faults', (context) => {
    faults.clear();
    return context.json({});
  });
}

function controlLog(app: Hono, { log }: Simulation): void {
  app.get('/log', (context) => context.json(log.changes()));
  app.get('/calls', (context) => context.json(log.counts()));
  app.post('/log/reset', (context) => {
    log.forgetChanges();
    return context.json({});
  });
  app.post('/calls/reset', (context) => {
    log.forgetCounts();
    return context.json({});
  });
}

function controlTime(app: Hono, { gateway }: Simulation): void {
  app.post('/clock', async (context) => {
    gateway.array.clock.advance(seconds.parse(await context.req.json()).advanceSeconds);
    return context.json({ nowMs: gateway.array.clock.nowMs() });
  });
  app.post('/expire-sessions', (context) => {
    gateway.sessions.expireAll();
    return context.json({});
  });
  app.get('/sessions', (context) => context.json({ open: gateway.sessions.count }));
}

/** 400 names the field; a refusal of the array comes with its own body. */
function explain(error: Error): { status: 400 | 409 | 500; body: unknown } {
  if (error instanceof z.ZodError) return { status: 400, body: { message: z.prettifyError(error) } };
  if (error instanceof SeedError) return { status: 400, body: { message: error.message } };
  if (error instanceof SyntaxError) return { status: 400, body: { message: 'the body is not JSON' } };
  if (error instanceof GatewayError) return { status: 409, body: error.body };
  return { status: 500, body: { message: error.message } };
}

/** The control interface: faults, logs, clock, and what "someone else" does to the array. Never on the gateway's own port. */
export function createControlServer(simulation: Simulation): Server {
  const app = new Hono();
  app.onError((error, context) => {
    const { status, body } = explain(error);
    return context.json(body, status);
  });
  app.use(async ({ req }, next) => {
    await next();
    if (req.method !== 'GET') simulation.keep();
  });
  app.get('/state', (context) => context.json(dump(simulation.gateway.array)));
  controlFaults(app, simulation);
  controlLog(app, simulation);
  controlTime(app, simulation);
  controlArray(app, simulation.gateway.array);
  const listener = getRequestListener(app.fetch);
  return createServer((request, response) => void listener(request, response));
}
