import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificate } from './certificate.ts';
import { unknownResource } from './errors.ts';
import { conclude, type Simulation, send } from './exchange.ts';
import { familyOfRoute, routeOf, verbOf } from './routes.ts';

interface Handling {
  simulation: Simulation;
  /** Aborted when the simulator closes: delayed calls are dropped without effect. */
  closing: AbortSignal;
}

async function isCutShort(delayMs: number, closing: AbortSignal): Promise<boolean> {
  if (delayMs > 0) await sleep(delayMs, undefined, { signal: closing }).catch(() => undefined);
  return closing.aborted;
}

async function handle({ simulation, closing }: Handling, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bodyText = await text(request);
  const method = request.method ?? 'GET';
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const route = routeOf(method, path);
  if (route === undefined) {
    simulation.log.count('unknown');
    return send(response, { status: 404, body: unknownResource(path).body });
  }
  simulation.log.count(familyOfRoute(route));
  const facts = { method, path, verb: verbOf(route) };
  const rule = simulation.faults.next(facts);
  if (await isCutShort(rule?.delayMs ?? 0, closing)) return;
  conclude({ simulation, request, response, route, facts, bodyText }, rule);
}

/** The gateway's HTTP side: TLS with the certificate, plain without. Not yet listening. */
export function createGatewayServer(handling: Handling, certificate: Certificate | undefined): Server {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    handle(handling, request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      response.destroy(error instanceof Error ? error : undefined);
    });
  };
  const server =
    certificate === undefined
      ? createPlainServer(listener)
      : createTlsServer({ cert: certificate.certificatePem, key: certificate.keyPem }, listener);
  server.keepAliveTimeout = 120_000;
  return server;
}
