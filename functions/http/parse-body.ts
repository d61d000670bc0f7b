import { ControlPlaneError } from '../../core/errors.ts';

const largestBytes = 1_048_576;

const tooLarge = (): ControlPlaneError =>
  new ControlPlaneError(`the body has more than ${largestBytes} bytes; send less at once`, { code: 'request.tooLarge' });

const isJson = (mediaType: string | null): boolean => mediaType === null || /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(mediaType);

/** Far more than any body of ours has, far less than what a stack holds. */
const deepest = 20;

/** An explicit null is as good as nothing: old clients send it for what they do not set. */
const withoutNulls = (value: unknown, depth = 0): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepest)
    throw new ControlPlaneError(`the body is nested more than ${deepest} deep; no request is`, { code: 'request.bodyUnreadable' });
  if (Array.isArray(value)) return value.map((entry) => withoutNulls(entry, depth + 1));
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field, depth + 1)]));
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the body, which may hold a password: it is not repeated.
    throw new ControlPlaneError('the body is not JSON; send one JSON object', { code: 'request.bodyUnreadable', cause });
  }
};

/** The body as JSON; no body is `{}`, as old clients send it. */
export const parseBody = async (request: Request): Promise<unknown> => {
  if (Number(request.headers.get('content-length') ?? 0) > largestBytes) throw tooLarge();
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > largestBytes) throw tooLarge();
  const text = new TextDecoder().decode(bytes).trim();
  if (text === '') return {};
  const mediaType = request.headers.get('content-type');
  if (!isJson(mediaType))
    throw new ControlPlaneError(`the media type ${JSON.stringify(mediaType?.slice(0, 60))} is not supported; send application/json`, {
      code: 'request.mediaType',
    });
  return withoutNulls(parseJson(text));
};
