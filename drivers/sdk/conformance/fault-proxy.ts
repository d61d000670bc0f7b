import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer as createPlainServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from 'selfsigned';
import { type Peer, resolveChecked } from '../connect.ts';
import type { ArrayConnection, TlsTrust } from '../driver.ts';
import { agentTo } from '../https.ts';
import { type FaultOptions, type PassingFaults, passingFaults } from './proxy-faults.ts';
import type { FaultInjector, Spoiling } from './target.ts';

export interface FaultProxyOptions extends FaultOptions {
  /** The array, and how its certificate is judged; of several endpoints the first is used. */
  connection: ArrayConnection;
  /** Networks that the array may be in. */
  allowedCidrs: readonly string[];
}

export interface FaultProxy {
  faults: FaultInjector;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Forward = (request: IncomingMessage, headers: IncomingHttpHeaders, body: Buffer) => Promise<Answer>;

const connectTimeoutMs = 10_000;
const page = '<html><body><h1>This is no array</h1></body></html>';
const statuses: { readonly [S in Exclude<Spoiling, 'cut'>]: number } = { garbage: 200, unavailable: 503 };

/** Headers of one connection alone; bodies are read whole and sent anew. */
const ofConnection = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'accept-encoding'];

const withoutConnection = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.includes(name)));

const forwarderTo = async ({ connection, allowedCidrs }: FaultProxyOptions): Promise<{ forward: Forward; close(): void }> => {
  const [endpoint] = connection.endpoints;
  if (endpoint === undefined) throw new Error('the array has no endpoint');
  const peer: Peer = { endpoint, tls: connection.tls, addresses: await resolveChecked(endpoint, allowedCidrs), connectTimeoutMs };
  const agent = agentTo(peer);
  const send = connection.tls.mode === 'none' ? plainRequest : secureRequest;
  const forward: Forward = async ({ method, url }, headers, body) => {
    const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
    const sent = send({ ...endpoint, agent, method, path: url, headers: { ...withoutConnection(headers), ...length } });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode ?? 502, headers: withoutConnection(response.headers), body: await buffer(response) };
  };
  return { forward, close: () => agent.destroy() };
};

const spoil = (response: ServerResponse, how: Spoiling): void => {
  if (how === 'cut') response.destroy();
  else response.writeHead(statuses[how], { 'content-type': 'text/html' }).end(page);
};

const exchange = async (
  { faults, forward }: { faults: PassingFaults; forward: Forward },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const body = await buffer(request);
  const line = { method: request.method ?? '', path: request.url ?? '' };
  const fault = faults.next(line);
  if (fault?.when === 'before') return spoil(response, fault.how);
  const answer = await forward(request, faults.headers(line, request.headers), body);
  await sleep(faults.lateSeconds() * 1000);
  if (fault !== undefined) return spoil(response, fault.how);
  const changed = faults.body(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(changed.length) }).end(changed);
};

/** Shown by nobody else, and gone with the process. */
const throwAwayCertificate = async (): Promise<{ cert: string; key: string }> => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', algorithm: 'sha256' });
  return { cert, key };
};

const serverFor = async (tls: TlsTrust, listener: RequestListener): Promise<{ server: Server; trust: TlsTrust }> => {
  if (tls.mode === 'none') return { server: createPlainServer(listener), trust: tls };
  const certificate = await throwAwayCertificate();
  const { fingerprint256 } = new X509Certificate(certificate.cert);
  return { server: createTlsServer(certificate, listener), trust: { mode: 'pinned', sha256: [fingerprint256] } };
};

/**
 * A proxy on the loopback between a driver and its array, at which answers get lost, late and spoiled, sessions end, and another array seems
 * to answer. It passes on what it is sent and keeps nothing. The array's certificate is judged as the connection says, and the proxy shows
 * one of its own, which the driver is told to trust. Throws what resolving the array's address throws.
 */
export const openFaultProxy = async (options: FaultProxyOptions): Promise<FaultProxy> => {
  const faults = passingFaults(options);
  const { forward, close } = await forwarderTo(options);
  const { server, trust } = await serverFor(options.connection.tls, (request, response) => {
    exchange({ faults, forward }, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = { endpoints: [{ host: '127.0.0.1', port }], tls: trust };
  return {
    faults: { ...faults.injector, reached: { connection, allowedCidrs: ['127.0.0.1/32'] } },
    async close() {
      server.closeAllConnections();
      server.close();
      close();
      await once(server, 'close');
    },
  };
};
