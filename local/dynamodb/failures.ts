/** Errors in the shape that DynamoDB answers with. */

export interface FailureBody {
  __type: string;
  message?: string;
  [detail: string]: unknown;
}

/** What dynalite's own errors look like too. */
export interface Failure extends Error {
  statusCode: number;
  body: FailureBody;
}

export class DynamoDbFailure extends Error implements Failure {
  override readonly name = 'DynamoDbFailure';
  readonly statusCode: number;
  readonly body: FailureBody;

  constructor(body: FailureBody, statusCode = 400) {
    super(body.message ?? body.__type);
    this.body = body;
    this.statusCode = statusCode;
  }
}

export const isFailure = (error: unknown): error is Failure => error instanceof Error && 'statusCode' in error && 'body' in error;

const MODELLED = 'com.amazonaws.dynamodb.v20120810#';

export const failure = (type: string, message: string, details: Record<string, unknown> = {}) =>
  new DynamoDbFailure({ __type: `${MODELLED}${type}`, message, ...details });

export const validationFailure = (message: string) =>
  new DynamoDbFailure({ __type: 'com.amazon.coral.validate#ValidationException', message });

export const serviceFailure = (type: string, message?: string) =>
  new DynamoDbFailure({ __type: `com.amazon.coral.service#${type}`, ...(message === undefined ? {} : { message }) });

export const conflictFailure = () => failure('TransactionConflictException', 'Transaction is ongoing for the item');

export const isType = (error: unknown, type: string): error is Failure => isFailure(error) && error.body.__type.endsWith(`#${type}`);

/** Why one item of a transaction did or did not stop it. */
export interface CancellationReason {
  Code: 'None' | 'ConditionalCheckFailed' | 'TransactionConflict' | 'ValidationError';
  Message?: string;
  Item?: unknown;
}

export function cancelled(reasons: CancellationReason[]): DynamoDbFailure {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return failure(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    {
      CancellationReasons: reasons,
      Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    },
  );
}
