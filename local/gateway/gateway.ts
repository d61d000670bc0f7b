import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listen, stopListening } from '../listen.ts';
import type { Certificate } from './certificate.ts';
import { type GatewayOptions, handleRequest } from './handle.ts';

export interface GatewayStart extends GatewayOptions {
  readonly port: number;
  /** With a certificate, the API also listens by TLS. */
  readonly tls?: { readonly port: number; readonly certificate: Certificate };
  readonly log: (line: string) => void;
}

export interface Gateway {
  readonly url: string;
  readonly tlsUrl?: string;
  close(): Promise<void>;
}

async function respond(options: GatewayStart, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const release = options.clock.busy();
  try {
    const { status, headers, body } = await handleRequest(options, incoming);
    outgoing.writeHead(status, headers).end(incoming.method === 'HEAD' ? undefined : body);
  } catch (error) {
    options.log(JSON.stringify({ level: 'ERROR', message: 'the gateway failed', error: String(error) }));
    if (!outgoing.headersSent) outgoing.writeHead(500);
    outgoing.end();
  } finally {
    release();
  }
}

/** API Gateway on the loopback interface, by HTTP and by TLS, with the API at `/`. */
export async function startGateway(options: GatewayStart): Promise<Gateway> {
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void respond(options, incoming, outgoing);
  const plain = createServer(listener);
  const servers: Server[] = [plain];
  const url = `http://127.0.0.1:${await listen(plain, options.port)}`;
  const close = async () => void (await Promise.all(servers.map(stopListening)));
  if (options.tls === undefined) return { url, close };
  try {
    const secure = createTlsServer({ ...options.tls.certificate }, listener);
    const tlsUrl = `https://127.0.0.1:${await listen(secure, options.tls.port)}`;
    servers.push(secure);
    return { url, tlsUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}
