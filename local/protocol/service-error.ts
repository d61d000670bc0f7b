/** An error as an AWS service reports it: `name` is the `__type` on the wire. */
export class ServiceError extends Error {
  readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** Fault injection: the connection closes without an answer. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}
