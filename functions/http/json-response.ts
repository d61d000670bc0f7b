import { gzipSync } from 'node:zlib';
import { ControlPlaneError } from '../../core/errors.ts';

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const gzipAboveBytes = 1_000_000;
/** Lambda's answer has at most 6 MB, with headers and the escapes of JSON in JSON. */
const largestBytes = 5_500_000;

const acceptsGzip = (request: Request): boolean => /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');

/** Compressed bytes travel as base64. */
const base64Bytes = (bytes: number): number => Math.ceil(bytes / 3) * 4;

const tooLarge = (bytes: number): ControlPlaneError =>
  new ControlPlaneError(
    `the answer has ${bytes} bytes, at most ${largestBytes} can be sent; ask for pages (limit, cursor), for fewer ids, or with Accept-Encoding: gzip`,
    { code: 'answer.tooLarge' },
  );

/** The answer as JSON; large ones compressed if the client takes it. */
export const jsonResponse = (request: Request, { status, body, headers = {} }: JsonAnswer): Response => {
  const json = JSON.stringify(body);
  const bytes = Buffer.byteLength(json);
  const common = { ...headers, 'Content-Type': 'application/json' };
  if (bytes <= gzipAboveBytes || !acceptsGzip(request)) {
    if (bytes > largestBytes) throw tooLarge(bytes);
    return new Response(json, { status, headers: common });
  }
  const packed = gzipSync(json);
  if (base64Bytes(packed.length) > largestBytes) throw tooLarge(base64Bytes(packed.length));
  return new Response(packed, { status, headers: { ...common, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' } });
};
