import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { AccessDenied } from '../ports.ts';
import { signerOf } from '../protocol/signed.ts';
import { storageCodeOf } from '../storage-failure.ts';
import type { Engine } from './engine.ts';
import { isFailure, serviceFailure } from './failures.ts';
import { operations } from './operations.ts';

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const KEEP_ALIVE_MS = 120_000;
const CONTENT_TYPE = 'application/x-amz-json-1.0';
const TARGET_PREFIX = 'DynamoDB_20120810.';

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw Object.assign(serviceFailure('RequestEntityTooLargeException'), { statusCode: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function callerOf(request: IncomingMessage): string {
  const caller = signerOf(request.headers.authorization);
  if (caller === undefined) throw serviceFailure('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  return caller;
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw serviceFailure('SerializationException');
}

async function answer(engine: Engine, request: IncomingMessage) {
  const target = String(request.headers['x-amz-target'] ?? '');
  const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const handle = operations.get(operation);
  const text = await readBody(request);
  if (handle === undefined) throw serviceFailure('UnknownOperationException');
  return handle(engine, { caller: callerOf(request), operation, body: parseJson(text) });
}

function failureAnswer(error: unknown): { status: number; body: unknown } {
  if (isFailure(error)) return { status: error.statusCode, body: error.body };
  if (error instanceof AccessDenied)
    return { status: 400, body: { __type: 'com.amazon.coral.service#AccessDeniedException', Message: error.message } };
  return { status: 500, body: { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: String(error) } };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': CONTENT_TYPE,
    'Content-Length': Buffer.byteLength(text),
    'x-amz-crc32': String(crc32(text)),
    'x-amzn-RequestId': randomUUID(),
  });
  response.end(text);
}

async function serve(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { body, isLost } = await answer(engine, request);
    if (isLost) request.socket.destroy();
    else send(response, 200, body);
  } catch (error) {
    if (storageCodeOf(error) !== undefined) engine.onStorageFailure(error);
    const { status, body } = failureAnswer(error);
    send(response, status, body);
  }
}

/** DynamoDB's HTTP protocol over the engine. */
export function serverOf(engine: Engine): Server {
  const server = createServer((request, response) => {
    void serve(engine, request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}
