interface ErrorKind {
  status: number;
  /** CoprHD's numeric service code. */
  serviceCode: number;
  retryable: boolean;
  /** The same for every error of the code; what is special stands in the error's message. */
  description: string;
}

// biome-ignore lint/complexity/useMaxParams: the columns of the table below
const kind = (status: number, serviceCode: number, description: string, retryable = false): ErrorKind => ({
  status,
  serviceCode,
  retryable,
  description,
});

/** Every error of the API. Adding a code without its status does not compile. */
export const errorKinds = {
  'request.invalid': kind(400, 1013, 'Bad request'),
  'request.bodyUnreadable': kind(400, 1013, 'The body is not JSON'),
  'request.uriInvalid': kind(400, 1002, 'Invalid identifier'),
  'request.parameterMissing': kind(400, 1005, 'A required parameter is missing'),
  'request.parameterInvalid': kind(400, 1008, 'A parameter has an invalid value'),
  'request.outOfRange': kind(400, 1014, 'A value is out of range'),
  'request.tooLarge': kind(413, 1013, 'The request is too large'),
  'request.mediaType': kind(415, 1003, 'The media type is not supported'),
  'request.limit': kind(400, 1031, 'A limit is exceeded'),
  'answer.tooLarge': kind(413, 1013, 'The answer is too large'),
  'route.unknown': kind(404, 2000, 'There is no such resource'),
  'method.unsupported': kind(405, 1007, 'The method is not supported'),
  'idempotency.mismatch': kind(400, 1013, 'The idempotency key was used with another request'),
  'auth.required': kind(401, 4000, 'Authentication is required'),
  'auth.refused': kind(401, 4000, 'Authentication failed'),
  'access.denied': kind(403, 3000, 'Insufficient permissions'),
  'resource.notFound': kind(404, 2000, 'The resource was not found'),
  'resource.inactive': kind(404, 2001, 'The resource was removed'),
  'resource.referenceNotFound': kind(400, 1004, 'A parameter names something that was not found'),
  'resource.referenceInactive': kind(400, 1006, 'A parameter names something that was removed'),
  'resource.nameTaken': kind(400, 1015, 'A resource of this name exists'),
  'resource.inUse': kind(400, 1020, 'The resource is in use'),
  'resource.busy': kind(400, 1056, 'Another task is in progress', true),
  'resource.changed': kind(503, 6000, 'The resource was changed at the same time', true),
  'resource.deleting': kind(400, 1055, 'The resource is being deleted'),
  'resource.cannotDelete': kind(400, 1025, 'The resource cannot be deleted'),
  'volume.cannotShrink': kind(400, 1012, 'A volume cannot be made smaller'),
  'placement.none': kind(400, 1021, 'No storage was found that fits'),
  'quota.exceeded': kind(400, 1032, 'The quota is exceeded'),
  'export.unsupported': kind(400, 1012, 'The export is not supported'),
  'provider.certificateUntrusted': kind(400, 1057, 'The certificate is not trusted'),
  'provider.certificateChanged': kind(400, 1057, 'The certificate has changed'),
  'provider.unreachable': kind(400, 12001, 'The storage provider cannot be reached', true),
  'provider.credentialsRefused': kind(400, 12001, 'The storage provider refused the credentials'),
  'provider.addressNotAllowed': kind(400, 1008, 'The address is outside the networks that arrays may have'),
  'provider.known': kind(400, 1015, 'The storage provider is known'),
  'provider.otherArray': kind(400, 12001, 'Another array answers at this address'),
  'provider.refused': kind(400, 12001, 'The storage provider refused the request'),
  'operations.drain': kind(400, 1057, 'No new changes are accepted', true),
  'operations.frozen': kind(400, 1057, 'Nothing is changed now', true),
  'operation.state': kind(400, 1012, 'The task is not in a state that allows this'),
  'operation.cancelled': kind(400, 14011, 'The operation was cancelled'),
  'operation.failed': kind(500, 14000, 'The operation failed'),
  'operation.needsRepair': kind(500, 14001, 'The operation needs repair'),
  'array.rejected': kind(500, 66001, 'The array refused'),
  'service.busy': kind(503, 6000, 'The service is busy', true),
  'service.throttled': kind(429, 6000, 'Too many requests', true),
  'history.incomplete': kind(409, 1013, 'The state of that time is not known'),
  'deployment.rightMissing': kind(500, 999, 'The deployment lacks a right in AWS'),
  'internal.unexpected': kind(500, 999, 'An unexpected error occurred'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export interface ControlPlaneErrorOptions {
  code: ErrorCode;
  cause?: unknown;
  /** To plan the request anew would not help now, though the client may send it again. */
  final?: boolean;
}

/** The one error of the control plane. The message names the field or thing, its value and what would be right. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError';
  readonly code: ErrorCode;
  readonly final: boolean;

  constructor(message: string, options: ControlPlaneErrorOptions) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.final = options.final ?? false;
  }
}

/** CoprHD's error body, also a task's `service_error`. */
export interface ErrorBody {
  code: number;
  retryable: boolean;
  description: string;
  details: string;
}

export const errorBody = (code: ErrorCode, details: string): ErrorBody => {
  const { serviceCode, retryable, description } = errorKinds[code];
  return { code: serviceCode, retryable, description, details };
};
