import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as z from 'zod';
import { listen, stopListening } from '../listen.ts';
import { AccessDenied } from '../ports.ts';
import { AnswerLost, ServiceError } from './service-error.ts';
import { signerOf } from './signed.ts';

export interface HttpCall {
  /** `X-Amz-Target`, such as `AWSStepFunctions.StartExecution`. */
  target: string;
  /** The part behind the dot. */
  operation: string;
  authorization: string;
  /** Access key id that signed the request. */
  caller: string;
  /** JSON text. */
  body: string;
  /** Aborted when the caller has hung up. */
  hungUp: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  /** JSON text. */
  body: string;
}

export interface HttpEndpointOptions {
  contentType: string;
  maxRequestBytes: number;
  /** May throw a ServiceError, AccessDenied, AnswerLost or ZodError. */
  answer: (call: HttpCall) => Promise<HttpAnswer>;
}

export interface LocalEndpoint {
  url: string;
  close(): Promise<void>;
}

/** AWS's JSON protocols on a free loopback port. */
export const startHttpEndpoint = async (options: HttpEndpointOptions): Promise<LocalEndpoint> => {
  const server = createServer((request, response) => void respond(options, request, response));
  return { url: `http://127.0.0.1:${await listen(server)}`, close: () => stopListening(server) };
};

const respond = async (options: HttpEndpointOptions, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const hungUp = new AbortController();
  response.once('close', () => hungUp.abort());
  try {
    const call = await readCall(options.maxRequestBytes, request);
    send(response, await options.answer({ ...call, hungUp: hungUp.signal }));
  } catch (error) {
    if (error instanceof AnswerLost || hungUp.signal.aborted) response.destroy();
    else send(response, errorAnswer(options.contentType, error));
  }
};

const send = (response: ServerResponse, { status, headers, body }: HttpAnswer): void => {
  response.writeHead(status, headers);
  response.end(body);
};

const readCall = async (maxRequestBytes: number, request: IncomingMessage): Promise<Omit<HttpCall, 'hungUp'>> => {
  const body = await readBody(request, maxRequestBytes);
  const target = String(request.headers['x-amz-target'] ?? '');
  const authorization = request.headers.authorization ?? '';
  return { target, operation: target.split('.')[1] ?? '', authorization, caller: callerOf(authorization), body };
};

const readBody = async (request: IncomingMessage, maxBytes: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new ServiceError('RequestEntityTooLargeException', `a request is at most ${maxBytes} bytes`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const callerOf = (authorization: string): string => {
  const key = signerOf(authorization);
  if (key === undefined) throw new ServiceError('MissingAuthenticationTokenException', 'the request is not signed', 403);
  return key;
};

const errorAnswer = (contentType: string, error: unknown): HttpAnswer => {
  const { status, name, message } = reported(error);
  return { status, headers: { 'content-type': contentType }, body: JSON.stringify({ __type: name, message }) };
};

const reported = (error: unknown): { status: number; name: string; message: string } => {
  if (error instanceof ServiceError) return error;
  if (error instanceof AccessDenied) return { status: 400, name: error.name, message: error.message };
  if (error instanceof z.ZodError) return { status: 400, name: 'ValidationException', message: z.prettifyError(error) };
  return { status: 500, name: 'InternalFailure', message: error instanceof Error ? error.message : String(error) };
};
