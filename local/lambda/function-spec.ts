export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** The access key that the function signs with; IAM knows the role behind it. */
  readonly accessKeyId: string;
  readonly roleArn: string;
  /** Holds the code, as it would be in the zip file. */
  readonly folder: string;
  /** `<module>.<export>`, such as `index.handler`. */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs of versions and aliases, which may be invoked as the function. */
  readonly qualifiedArns: readonly string[];
  /** How often an asynchronous invocation is tried again after a function error. */
  readonly eventRetries: number;
  /**
   * One invocation at a time in a worker, as on AWS, so that a timeout or crash hits nobody else. Other functions take many at a time in
   * one worker, which is faster and smaller; there a timeout or crash ends what else is in that worker with `Runtime.ExitError`.
   */
  readonly isIsolated: boolean;
}

/** What happened to one run of a function. */
export interface Outcome {
  /** JSON text: the result, or `{errorType, errorMessage, trace}`. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

export const failed = (errorType: string, errorMessage: string, trace: readonly string[] = []): Outcome => ({
  payload: JSON.stringify({ errorType, errorMessage, trace }),
  functionError: 'Unhandled',
});
