/**
 * How sure a driver is about what a failed call did. Step Functions retries by these names, so they are the `name` of the error.
 *
 * - `DriverRejected`: the array refused, or the request cannot be right; nothing was changed by this item. Never retried.
 * - `DriverBusy`: nothing was changed; the array, a slot or the network to it is not available now. Retried with long pauses.
 * - `DriverUncertain`: the call may have had its effect, wholly or in part. The verb is called again, and looks first.
 * - `DriverUnfinished`: progress was made, or a long job runs on the array; call the verb again to go on.
 */
export const driverOutcomes = ['DriverRejected', 'DriverBusy', 'DriverUncertain', 'DriverUnfinished'] as const;
export type DriverOutcome = (typeof driverOutcomes)[number];

/** Codes with a meaning outside the driver. A driver may add its own; those are shown, never branched on. */
export const driverCodes = [
  'array.unreachable',
  'array.identityChanged',
  'array.busy',
  'array.refused',
  'array.answerUnreadable',
  'address.notAllowed',
  'certificate.untrusted',
  'certificate.changed',
  'credentials.refused',
  'capability.missing',
  'object.foreign',
  'object.drifted',
  'object.missing',
  'object.inUse',
  'space.exhausted',
  'limit.exceeded',
  'request.invalid',
  'time.exhausted',
  /** A defect of the driver; its log tells more. */
  'driver.failed',
] as const;
export type DriverCode = (typeof driverCodes)[number];

export interface DriverErrorOptions {
  outcome: DriverOutcome;
  code: DriverCode | `native.${string}`;
  /** The array's own code, as text. */
  nativeCode?: string | undefined;
  /** The array's own words, at most 200 characters, never with secrets. */
  nativeMessage?: string | undefined;
  /** Small facts a person needs to act, such as `certificateSha256`. Never secrets. */
  facts?: Readonly<Record<string, string>> | undefined;
  cause?: unknown;
}

/** The one error that drivers throw. `name` is its outcome. */
export class DriverError extends Error {
  override readonly name: DriverOutcome;
  readonly code: DriverErrorOptions['code'];
  readonly nativeCode: string | undefined;
  readonly nativeMessage: string | undefined;
  readonly facts: Readonly<Record<string, string>>;

  constructor(message: string, options: DriverErrorOptions) {
    super(message, { cause: options.cause });
    this.name = options.outcome;
    this.code = options.code;
    this.nativeCode = options.nativeCode;
    this.nativeMessage = options.nativeMessage?.slice(0, 200);
    this.facts = options.facts ?? {};
  }
}

/** A driver error as it travels in an answer. */
export interface DriverFailure {
  name: DriverOutcome;
  code: string;
  message: string;
  nativeCode?: string | undefined;
  nativeMessage?: string | undefined;
  facts?: Readonly<Record<string, string>> | undefined;
}
