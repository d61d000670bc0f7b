import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { listen, stopListening } from '../listen.ts';
import { AccessDenied, type Invoke } from '../ports.ts';
import { signerOf } from '../protocol/signed.ts';
import { InvokeError } from './invoke-error.ts';

export interface LambdaEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

function callerOf(context: Context): string {
  const key = signerOf(context.req.header('Authorization'));
  if (key === undefined) throw new InvokeError('the request is not signed', { code: 'MissingAuthenticationTokenException' });
  return key;
}

function refusal(context: Context, error: unknown): Response {
  const known = error instanceof AccessDenied ? new InvokeError(error.message, { code: 'AccessDeniedException', cause: error }) : error;
  if (!(known instanceof InvokeError)) throw error;
  return context.json({ Type: 'User', Message: known.message }, known.status, { 'X-Amzn-ErrorType': known.code });
}

function invocationType(context: Context): 'RequestResponse' | 'Event' {
  const type = context.req.header('X-Amz-Invocation-Type') ?? 'RequestResponse';
  if (type === 'RequestResponse' || type === 'Event') return type;
  throw new InvokeError(`the host does not implement the invocation type ${type}`, { code: 'InvalidParameterValueException' });
}

async function answer(context: Context, invoke: Invoke): Promise<Response> {
  const qualifier = context.req.query('Qualifier');
  const name = context.req.param('name') ?? '';
  const type = invocationType(context);
  const { payload, functionError } = await invoke({
    caller: callerOf(context),
    functionName: qualifier === undefined ? name : `${name}:${qualifier}`,
    payload: (await context.req.text()) || '{}',
    invocationType: type,
  });
  const headers = functionError === undefined ? {} : { 'X-Amz-Function-Error': functionError };
  return context.body(payload, type === 'Event' ? 202 : 200, {
    ...headers,
    'X-Amz-Executed-Version': '1',
    'Content-Type': 'application/json',
  });
}

/** Lambda's Invoke operation, as the SDK calls it. */
export async function startLambdaEndpoint(invoke: Invoke): Promise<LambdaEndpoint> {
  const app = new Hono();
  app.post('/2015-03-31/functions/:name/invocations', (context) => answer(context, invoke));
  app.notFound((context) =>
    context.json({ Type: 'User', Message: 'the host implements only Invoke' }, 404, { 'X-Amzn-ErrorType': 'UnknownOperationException' }),
  );
  app.onError((error, context) => refusal(context, error));
  const server = createServer(getRequestListener(app.fetch));
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, close: () => stopListening(server) };
}
