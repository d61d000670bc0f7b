import { once } from 'node:events';
import { createServer as createPlain, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Certificate, fingerprint256, makeCertificate } from '../../drivers/scaleio/simulator/certificate.ts';

export interface TestServer {
  port: number;
  fingerprint: string;
  certificatePem: string;
  /** Requests that were delivered: method, path and headers. */
  seen: IncomingMessage[];
  /** Connections that were made. */
  connections: () => number;
  /** Cuts every open connection without closing the server. */
  cut(): void;
  close(): Promise<void>;
}

export type Reply = (request: IncomingMessage, response: ServerResponse) => void;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

export interface TestServerOptions {
  plain?: boolean;
  certificate?: Certificate;
}

/** An HTTPS server on the loopback, with a self-signed certificate for 127.0.0.1 and localhost if none is given; plain HTTP when told so. */
export const startServer = async (reply: Reply, { plain = false, certificate }: TestServerOptions = {}): Promise<TestServer> => {
  const seen: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    seen.push(request);
    reply(request, response);
  };
  const { certificatePem, keyPem } = certificate ?? (await makeCertificate());
  const server = plain ? createPlain(listener) : createServer({ cert: certificatePem, key: keyPem }, listener);
  let connections = 0;
  server.on(plain ? 'connection' : 'secureConnection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    fingerprint: fingerprint256(certificatePem),
    certificatePem,
    seen,
    connections: () => connections,
    cut: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
