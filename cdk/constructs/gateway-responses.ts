import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** What API Gateway answers by itself, in the body that clients know from CoprHD. All texts are fixed: nothing of a request comes back. */
export interface GatewayAnswer {
  readonly type: ResponseType;
  /** Absent: the status that API Gateway chose. */
  readonly status?: number;
  readonly body: { readonly code: number; readonly retryable: boolean; readonly description: string; readonly details: string };
  readonly retryAfterSeconds?: number;
}

const notFound = { code: 2000, retryable: false, description: 'There is no such resource', details: 'No resource has this path' };
const busy = { code: 6000, retryable: true, description: 'The service is busy' };
const bad = { code: 1013, retryable: false, description: 'Bad request', details: 'The request was refused before it was read' };
const unexpected = { code: 999, retryable: false, description: 'An unexpected error occurred', details: 'The service failed to answer' };

export const gatewayAnswers: readonly GatewayAnswer[] = [
  { type: ResponseType.DEFAULT_4XX, body: bad },
  { type: ResponseType.DEFAULT_5XX, body: unexpected },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    body: { code: 6000, retryable: true, description: 'Too many requests', details: 'Try again after the time in Retry-After' },
    retryAfterSeconds: 1,
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    body: { code: 1013, retryable: false, description: 'The request is too large', details: 'A body has at most 1 MB' },
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    body: { ...busy, details: 'The service did not answer in time' },
    retryAfterSeconds: 5,
  },
  {
    type: ResponseType.INTEGRATION_FAILURE,
    status: 503,
    body: { ...busy, details: 'The service could not be reached' },
    retryAfterSeconds: 5,
  },
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, status: 404, body: notFound },
  { type: ResponseType.RESOURCE_NOT_FOUND, status: 404, body: notFound },
  {
    type: ResponseType.ACCESS_DENIED,
    status: 403,
    body: {
      code: 3000,
      retryable: false,
      description: 'Insufficient permissions',
      details: 'This network may not call the API',
    },
  },
];

export const addGatewayAnswers = (api: RestApi): void => {
  for (const answer of gatewayAnswers)
    api.addGatewayResponse(answer.type.responseType, {
      type: answer.type,
      ...(answer.status === undefined ? {} : { statusCode: String(answer.status) }),
      ...(answer.retryAfterSeconds === undefined ? {} : { responseHeaders: { 'Retry-After': `'${answer.retryAfterSeconds}'` } }),
      templates: { 'application/json': JSON.stringify(answer.body) },
    });
};
