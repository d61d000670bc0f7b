import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { addressAllowed } from './cidr.ts';
import type { Endpoint, TlsTrust } from './driver.ts';
import { DriverError } from './errors.ts';

export interface Peer {
  endpoint: Endpoint;
  tls: TlsTrust;
  /** Resolved once and checked; nothing else is connected to. */
  addresses: readonly LookupAddress[];
  connectTimeoutMs: number;
}

export const unreachable = ({ host, port }: Endpoint, cause: unknown): DriverError =>
  new DriverError(`cannot reach ${host}:${port}`, {
    outcome: 'DriverBusy',
    code: 'array.unreachable',
    nativeCode: nativeCodeOf(cause),
    cause,
  });

export const nativeCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Every address the name stands for must be allowed, or none is used. */
export const resolveChecked = async (endpoint: Endpoint, allowedCidrs: readonly string[]): Promise<readonly LookupAddress[]> => {
  const addresses = await lookup(endpoint.host, { all: true }).catch((error: unknown) => {
    throw unreachable(endpoint, error);
  });
  const refused = addresses.find(({ address }) => !addressAllowed(address, allowedCidrs));
  if (refused === undefined) return addresses;
  throw new DriverError(`${endpoint.host} is ${refused.address}, which lies in none of the networks that arrays may be in`, {
    outcome: 'DriverRejected',
    code: 'address.notAllowed',
    facts: { address: refused.address },
  });
};

const unsigned: Readonly<Record<TlsTrust['mode'], string>> = {
  ca: 'is not signed by the given CA',
  public: 'is not signed by a public CA',
  pinned: 'is not trusted',
  none: 'is not trusted',
};

const faults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is made out for another name',
};

/** OpenSSL's or Node's code of why a chain was refused. Of a pinned certificate the chain says nothing. */
const chainFault = ({ tls }: Peer, socket: TLSSocket): string | undefined =>
  tls.mode === 'pinned' ? undefined : String(socket.authorizationError);

const untrusted = (code: 'certificate.untrusted' | 'certificate.changed', peer: Peer, socket: TLSSocket): DriverError => {
  const { endpoint, tls } = peer;
  const { fingerprint256 } = socket.getPeerCertificate();
  const nativeCode = chainFault(peer, socket);
  const problem = code === 'certificate.changed' ? 'is not the pinned one' : (faults[nativeCode ?? ''] ?? unsigned[tls.mode]);
  return new DriverError(`the certificate of ${endpoint.host}:${endpoint.port} ${problem}`, {
    outcome: 'DriverRejected',
    code,
    nativeCode,
    facts: { certificateSha256: fingerprint256 },
  });
};

const judge = (peer: Peer, socket: TLSSocket): DriverError | undefined => {
  const { tls } = peer;
  if (tls.mode !== 'pinned') return socket.authorized ? undefined : untrusted('certificate.untrusted', peer, socket);
  if (tls.sha256.includes(socket.getPeerCertificate().fingerprint256)) return undefined;
  return untrusted(tls.sha256.length === 0 ? 'certificate.untrusted' : 'certificate.changed', peer, socket);
};

const checkedLookup =
  ({ addresses }: Peer): LookupFunction =>
  (_host, _options, done) =>
    done(null, [...addresses]);

/** The handshake always ends here and is judged before the socket is handed to HTTP, so that a refusal can tell the fingerprint. */
const openTls = (peer: Peer): TLSSocket => {
  const { host, port } = peer.endpoint;
  return connectTls({
    host,
    port,
    lookup: checkedLookup(peer),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(peer.tls.mode === 'ca' ? { ca: [peer.tls.pem] } : {}),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
  });
};

/** Opens a connection and hands it over only when it is up and its certificate is trusted; not a byte was sent by then. */
export const openSocket = (peer: Peer, done: (error: Error | null, socket: Socket) => void): void => {
  const { host, port } = peer.endpoint;
  const plain = peer.tls.mode === 'none';
  const socket = plain ? connectPlain({ host, port, lookup: checkedLookup(peer) }) : openTls(peer);
  const fail = (cause: Error): void => done(unreachable(peer.endpoint, cause), socket);
  const timedOut = (): void => void socket.destroy(new Error('connect timed out'));
  socket.setTimeout(peer.connectTimeoutMs, timedOut);
  socket.once('error', fail);
  socket.once(plain ? 'connect' : 'secureConnect', () => {
    const refusal = 'authorized' in socket ? judge(peer, socket) : undefined;
    socket.off('error', fail).off('timeout', timedOut).setTimeout(0);
    if (refusal !== undefined) socket.destroy();
    done(refusal ?? null, socket);
  });
};
