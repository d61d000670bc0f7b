const statuses = {
  AccessDeniedException: 403,
  InvalidParameterValueException: 400,
  InvalidRequestContentException: 400,
  MissingAuthenticationTokenException: 403,
  RequestTooLargeException: 413,
  ResourceNotFoundException: 404,
} as const;

/** Why Lambda did not even begin to run a function; names and statuses are those of AWS. */
export class InvokeError extends Error {
  readonly code: keyof typeof statuses;

  constructor(message: string, { code, cause }: { code: keyof typeof statuses; cause?: unknown }) {
    super(message, { cause });
    this.name = code;
    this.code = code;
  }

  get status(): (typeof statuses)[keyof typeof statuses] {
    return statuses[this.code];
  }
}
