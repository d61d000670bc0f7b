import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../../drivers/scaleio/simulator/certificate.ts';
import type { TlsTrust } from '../../../../drivers/sdk/driver.ts';
import { type HttpCall, openHttps } from '../../../../drivers/sdk/https.ts';
import { type Reply, startServer, type TestServer, type TestServerOptions } from '../../../support/tls-server.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const started = async (reply: Reply, options?: TestServerOptions): Promise<TestServer> => {
  const server = await startServer(reply, options);
  closers.push(server.close);
  return server;
};

interface Opening {
  host?: string;
  port: number;
  tls: TlsTrust;
  allowedCidrs?: readonly string[];
  plainHttpAllowed?: boolean;
  connectTimeoutMs?: number;
}

const loopback = ['127.0.0.0/8', '::1/128'];

const open = async ({ host = '127.0.0.1', port, allowedCidrs = loopback, plainHttpAllowed = false, ...rest }: Opening) => {
  const https = await openHttps({ endpoint: { host, port }, allowedCidrs, plainHttpAllowed, ...rest });
  closers.push(() => https.close());
  return https;
};

const pinned = (server: TestServer): Opening => ({ port: server.port, tls: { mode: 'pinned', sha256: [server.fingerprint] } });

const read: HttpCall = { method: 'GET', path: '/x', headers: { authorization: 'Basic c2VjcmV0' }, changes: false, timeoutMs: 5000 };
const change: HttpCall = { ...read, method: 'POST', body: '{"name":"ü"}', changes: true };

const ok: Reply = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('"ü"');

const wrong = new Array(32).fill('00').join(':');

describe('trust in a certificate', () => {
  it('is given to the pinned one, also to one of two', async () => {
    const server = await started(ok);
    for (const sha256 of [[server.fingerprint], [wrong, server.fingerprint]]) {
      const https = await open({ port: server.port, tls: { mode: 'pinned', sha256 } });
      expect(await https.call(read)).toEqual({ status: 200, contentType: 'application/json', body: '"ü"' });
    }
  });

  it.each([
    ['another pin', 'certificate.changed', { mode: 'pinned', sha256: [wrong] }],
    ['no pin yet', 'certificate.untrusted', { mode: 'pinned', sha256: [] }],
    ['public authorities', 'certificate.untrusted', { mode: 'public' }],
  ] as const)('is refused with %s before a byte of HTTP is sent, and the fingerprint is told', async (_reason, code, tls) => {
    const server = await started(ok);
    const https = await open({ port: server.port, tls });
    await expect(https.call(change)).rejects.toMatchObject({
      name: 'DriverRejected',
      code,
      facts: { certificateSha256: server.fingerprint },
    });
    await (await open(pinned(server))).call(read);
    expect(server.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  it('is given to what the given authority signed, under its own name only', async () => {
    const server = await started(ok);
    const tls: TlsTrust = { mode: 'ca', pem: server.certificatePem };
    for (const host of ['127.0.0.1', 'localhost']) {
      const https = await open({ host, port: server.port, tls });
      expect((await https.call(read)).status).toBe(200);
    }
    const https = await open({ host: '127.0.0.2', port: server.port, tls });
    await expect(https.call(read)).rejects.toMatchObject({ name: 'DriverBusy' });
  });

  const day = 24 * 3600 * 1000;
  const outdated = async ([from, until]: readonly [number, number]) => {
    const at = (days: number) => new Date(Date.now() + days * day);
    const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], { notBeforeDate: at(from), notAfterDate: at(until) });
    return { certificatePem: made.cert, keyPem: made.private };
  };

  it.each([
    [[-2, -1], 'CERT_HAS_EXPIRED', 'has expired'],
    [[1, 2], 'CERT_NOT_YET_VALID', 'is not valid yet'],
  ] as const)(
    'is refused out of its time (days %j), which is told, although the given authority signed it',
    async (days, nativeCode, says) => {
      const certificate = await outdated(days);
      const server = await started(ok, { certificate });
      const https = await open({ port: server.port, tls: { mode: 'ca', pem: certificate.certificatePem } });
      const message = `the certificate of 127.0.0.1:${server.port} ${says}`;
      await expect(https.call(read)).rejects.toMatchObject({ code: 'certificate.untrusted', nativeCode, message });
      await expect((await open(pinned(server))).call(read)).resolves.toMatchObject({ status: 200 });
    },
  );

  it('is refused to a certificate of another name', async () => {
    const server = await started(ok);
    const https = await open({ host: '127.1', port: server.port, tls: { mode: 'ca', pem: server.certificatePem } });
    await expect(https.call(read)).rejects.toMatchObject({ code: 'certificate.untrusted', nativeCode: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('is refused to what another authority signed', async () => {
    const server = await started(ok);
    const { certificatePem } = await makeCertificate();
    const https = await open({ port: server.port, tls: { mode: 'ca', pem: certificatePem } });
    await expect(https.call(read)).rejects.toMatchObject({
      code: 'certificate.untrusted',
      nativeCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      message: expect.stringContaining('is not signed by the given CA'),
    });
    expect(server.seen).toEqual([]);
  });

  it('is not needed for plain HTTP, which must be allowed', async () => {
    const server = await started(ok, { plain: true });
    const https = await open({ port: server.port, tls: { mode: 'none' }, plainHttpAllowed: true });
    expect((await https.call(read)).status).toBe(200);
    await expect(open({ port: server.port, tls: { mode: 'none' } })).rejects.toMatchObject({ code: 'request.invalid' });
  });
});

describe('an address', () => {
  it('outside the networks of arrays is not connected to', async () => {
    const server = await started(ok);
    await expect(open({ ...pinned(server), allowedCidrs: ['10.0.0.0/8', '0.0.0.0/0'] })).rejects.toMatchObject({
      name: 'DriverRejected',
      code: 'address.notAllowed',
      facts: { address: '127.0.0.1' },
    });
    expect(server.connections()).toBe(0);
  });

  it('that a name stands for is checked as well', async () => {
    await expect(open({ host: 'localhost', port: 1, tls: { mode: 'public' }, allowedCidrs: ['10.0.0.0/8'] })).rejects.toMatchObject({
      code: 'address.notAllowed',
    });
  });

  it('that nobody knows is unreachable for now', async () => {
    await expect(open({ host: 'no-such-host.invalid', port: 1, tls: { mode: 'public' } })).rejects.toMatchObject({
      name: 'DriverBusy',
      code: 'array.unreachable',
    });
  });

  it('where nobody listens is unreachable for now, whatever was to be sent', async () => {
    const https = await open({ port: 1, tls: { mode: 'public' } });
    for (const call of [read, change]) {
      await expect(https.call(call)).rejects.toMatchObject({ name: 'DriverBusy', code: 'array.unreachable', nativeCode: 'ECONNREFUSED' });
    }
  });
});

describe('a call', () => {
  it('sends its body whole and keeps its connection for the next', async () => {
    const bodies: string[] = [];
    const server = await started((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push(Buffer.concat(chunks).toString());
        response.end('{}');
      });
    });
    const https = await open(pinned(server));
    await https.call(change);
    await https.call(change);
    expect(bodies).toEqual(['{"name":"ü"}', '{"name":"ü"}']);
    expect(server.connections()).toBe(1);
  });

  it.each([
    ['read', read, 'DriverBusy'],
    ['change', change, 'DriverUncertain'],
  ] as const)('whose connection is cut has, as a %s, the outcome %s', async (_kind, call, name) => {
    const server = await started((request) => request.socket.destroy());
    const https = await open(pinned(server));
    const error = await https.call(call).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name, code: 'array.unreachable' });
    expect(String(error)).not.toContain('c2VjcmV0');
  });

  it.each([
    ['read', read, 'DriverBusy'],
    ['change', change, 'DriverUncertain'],
  ] as const)('that is not answered in time has, as a %s, the outcome %s', async (_kind, call, name) => {
    const server = await started(() => undefined);
    const https = await open(pinned(server));
    await expect(https.call({ ...call, timeoutMs: 700 })).rejects.toMatchObject({ name, code: 'array.unreachable' });
  });

  it('whose answer breaks off is no answer', async () => {
    const server = await started((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    const https = await open(pinned(server));
    await expect(https.call(change)).rejects.toMatchObject({ name: 'DriverUncertain' });
  });

  it.each([
    ['read', read, 'DriverRejected'],
    ['change', change, 'DriverUncertain'],
  ] as const)('is not redirected; as a %s its outcome is %s', async (_kind, call, name) => {
    const server = await started((_request, response) => response.writeHead(302, { location: 'https://169.254.169.254/' }).end());
    const https = await open(pinned(server));
    await expect(https.call(call)).rejects.toMatchObject({ name, code: 'array.answerUnreadable' });
    expect(server.seen).toHaveLength(1);
  });

  it('takes no endless answer', async () => {
    const megabyte = Buffer.alloc(1024 * 1024);
    const server = await started((_request, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(megabyte, more);
      };
      more();
    });
    const https = await open(pinned(server));
    await expect(https.call(read)).rejects.toMatchObject({ name: 'DriverRejected', code: 'array.answerUnreadable' });
  });

  it('answers any other status as it is', async () => {
    const server = await started((_request, response) => response.writeHead(500).end('no'));
    const https = await open(pinned(server));
    expect(await https.call(change)).toEqual({ status: 500, contentType: '', body: 'no' });
  });

  it('over a kept connection that died meanwhile is repeated if it only reads', async () => {
    let dying = false;
    const server = await started((request, response) => {
      if (!dying) return void response.end('{}');
      dying = false;
      request.socket.destroy();
    });
    const https = await open(pinned(server));
    await https.call(read);
    dying = true;
    expect((await https.call(read)).status).toBe(200);
    dying = true;
    await expect(https.call(change)).rejects.toMatchObject({ name: 'DriverUncertain' });
  });

  it('goes on when idle connections are closed', async () => {
    const server = await started(ok);
    const https = await open(pinned(server));
    await https.call(read);
    https.close();
    expect((await https.call(read)).status).toBe(200);
    expect(server.connections()).toBe(2);
  });

  it('to something that never finishes the handshake was not sent, whichever time runs out first', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const port = (silent.address() as AddressInfo).port;
    for (const [connectTimeoutMs, timeoutMs] of [
      [50, 5000],
      [5000, 50],
    ] as const) {
      const https = await open({ port, tls: { mode: 'public' }, connectTimeoutMs });
      await expect(https.call({ ...change, timeoutMs })).rejects.toMatchObject({ name: 'DriverBusy', code: 'array.unreachable' });
    }
  });

  it('to something that does not speak TLS was not sent', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.end('SSH-2.0\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const https = await open({ port: (server.address() as AddressInfo).port, tls: { mode: 'public' } });
    await expect(https.call(change)).rejects.toMatchObject({ name: 'DriverBusy', code: 'array.unreachable' });
  });
});
