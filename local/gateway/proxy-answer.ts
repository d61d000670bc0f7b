import * as z from 'zod';
import type { GatewayAnswer } from './gateway-responses.ts';
import { isBinary } from './media-types.ts';

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const proxyAnswer = z.strictObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
  cookies: z.never().optional(),
});

/** Headers that API Gateway answers itself; the function's own go out under another name. */
const remapped = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);

const outwardName = (name: string): string => (remapped.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name);

function outwardHeaders({ headers, multiValueHeaders }: z.infer<typeof proxyAnswer>): Record<string, string | string[]> {
  const all = { ...headers, ...multiValueHeaders };
  const outward = Object.fromEntries(Object.entries(all).map(([name, value]) => [outwardName(name), value]));
  const hasType = Object.keys(outward).some((name) => name.toLowerCase() === 'content-type');
  return hasType ? outward : { ...outward, 'Content-Type': 'application/json' };
}

export interface AnswerOptions {
  readonly binaryMediaTypes: readonly string[];
  /** The request's Accept header: a base64 body is decoded only for a client that accepts a binary type. */
  readonly accept: string;
}

/** What goes to the client for the JSON text a function returned; undefined if that is no proxy answer, which is a 502. */
export function readProxyAnswer(payload: string, { binaryMediaTypes, accept }: AnswerOptions): GatewayAnswer | undefined {
  const parsed = proxyAnswer.safeParse(JSON.parse(payload));
  if (!parsed.success) return undefined;
  const { statusCode, body, isBase64Encoded } = parsed.data;
  const decode = isBase64Encoded === true && isBinary(binaryMediaTypes, accept.split(',', 1)[0] ?? '');
  return { status: statusCode, headers: outwardHeaders(parsed.data), body: decode ? Buffer.from(body ?? '', 'base64') : (body ?? '') };
}
