import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent, request as secureRequest } from 'node:https';
import { nativeCodeOf, openSocket, type Peer, resolveChecked, unreachable } from './connect.ts';
import type { Endpoint, TlsTrust } from './driver.ts';
import { DriverError } from './errors.ts';

const maxAnswerBytes = 32 * 1024 * 1024;
const maxSockets = 8;
const idleTimeoutMs = 30_000;

export interface HttpsOptions {
  endpoint: Endpoint;
  tls: TlsTrust;
  allowedCidrs: readonly string[];
  plainHttpAllowed: boolean;
  connectTimeoutMs?: number;
}

export interface HttpCall {
  method: 'GET' | 'POST';
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Whether an answer that is lost leaves the effect unknown. */
  changes: boolean;
  timeoutMs: number;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** One endpoint, resolved and checked once, with its own kept-alive connections. */
export interface HttpsEndpoint {
  /**
   * Every status that is not a redirect is an answer. Nothing sent: `DriverBusy`, or `DriverRejected` for a certificate. Sent and no whole
   * answer: `DriverUncertain` for a changing call, `DriverBusy` for a read. No error carries what was sent or received.
   */
  call(call: HttpCall): Promise<HttpAnswer>;
  /** Ends idle connections; calls under way are not disturbed. */
  close(): void;
}

/** Keeps connections to one peer alive, each judged before it is used. */
export const agentTo = (peer: Peer): Agent | PlainAgent => {
  const agent = new (peer.tls.mode === 'none' ? PlainAgent : Agent)({ keepAlive: true, maxSockets, timeout: idleTimeoutMs });
  agent.createConnection = (_options, done) => {
    openSocket(peer, done as NonNullable<typeof done>);
    return undefined;
  };
  return agent;
};

const lost = (endpoint: Endpoint, call: HttpCall, cause: unknown): DriverError =>
  new DriverError(`no usable answer from ${endpoint.host}:${endpoint.port}`, {
    outcome: call.changes ? 'DriverUncertain' : 'DriverBusy',
    code: 'array.unreachable',
    nativeCode: nativeCodeOf(cause),
    cause,
  });

const unreadable = (call: HttpCall, problem: string): DriverError =>
  new DriverError(`the gateway's answer ${problem}`, {
    outcome: call.changes ? 'DriverUncertain' : 'DriverRejected',
    code: 'array.answerUnreadable',
  });

const readAnswer = async (response: IncomingMessage, call: HttpCall): Promise<HttpAnswer> => {
  const status = Number(response.statusCode);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxAnswerBytes) throw unreadable(call, `is larger than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  if (status >= 300 && status < 400) throw unreadable(call, `is a redirect (${status}), which is not followed`);
  return { status, contentType: response.headers['content-type'] ?? '', body: Buffer.concat(chunks).toString('utf8') };
};

interface Attempt {
  request: ClientRequest;
  answer: Promise<HttpAnswer>;
}

const start = (peer: Peer, agent: Agent | PlainAgent, call: HttpCall): Attempt => {
  const { host, port } = peer.endpoint;
  const { method, path, body } = call;
  const headers = { ...call.headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) };
  const request = (peer.tls.mode === 'none' ? plainRequest : secureRequest)({ agent, host, port, method, path, headers });
  const answer = new Promise<HttpAnswer>((resolve, reject) => {
    let sent = false;
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      if (error instanceof DriverError) reject(error);
      else reject(sent ? lost(peer.endpoint, call, error) : unreachable(peer.endpoint, error));
    };
    // A request without a connection yet would not tell that it was destroyed.
    const timer = setTimeout(() => {
      fail(new Error('timed out'));
      request.destroy();
    }, call.timeoutMs);
    request.once('socket', () => {
      sent = true;
    });
    request.on('error', fail);
    request.once('response', (response) => {
      readAnswer(response, call).then((whole) => {
        clearTimeout(timer);
        resolve(whole);
      }, fail);
    });
    request.end(body);
  });
  return { request, answer };
};

/** A kept-alive connection may have died unseen; a read is sent once more, a change never. */
const callOnce = async (peer: Peer, agent: Agent | PlainAgent, call: HttpCall): Promise<HttpAnswer> => {
  const first = start(peer, agent, call);
  try {
    return await first.answer;
  } catch (error) {
    const stale = first.request.reusedSocket && error instanceof DriverError && error.nativeCode === 'ECONNRESET';
    if (!stale || call.changes) throw error;
    return start(peer, agent, call).answer;
  }
};

/** Throws `DriverRejected` when an address is not allowed, `DriverBusy` when the name cannot be resolved. Connects on the first call. */
export const openHttps = async (options: HttpsOptions): Promise<HttpsEndpoint> => {
  const { endpoint, tls, allowedCidrs, plainHttpAllowed, connectTimeoutMs = 10_000 } = options;
  if (tls.mode === 'none' && !plainHttpAllowed) {
    throw new DriverError('plain HTTP is not allowed for this kind of array', { outcome: 'DriverRejected', code: 'request.invalid' });
  }
  const peer: Peer = { endpoint, tls, addresses: await resolveChecked(endpoint, allowedCidrs), connectTimeoutMs };
  const agent = agentTo(peer);
  const close = (): void => {
    for (const socket of Object.values(agent.freeSockets)
      .flat()
      .filter((idle) => idle !== undefined))
      socket.destroy();
  };
  return { call: (call) => callOnce(peer, agent, call), close };
};
