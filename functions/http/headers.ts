import type { RequestHeaders } from '../../core/identity/authenticate.ts';

/** Header names in lower case. */
export const headersOf = (request: Request): RequestHeaders => Object.fromEntries(request.headers.entries());
