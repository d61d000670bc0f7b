import { awsLimits } from '../../core/limits.ts';
import type { HostClock } from '../clock/clock.ts';
import type { Authorize, InvokeAnswer, InvokeRequest, Meter, Timer } from '../ports.ts';
import { FunctionPool } from './function-pool.ts';
import { type FunctionSpec, failed, type Outcome } from './function-spec.ts';
import { InvokeError } from './invoke-error.ts';

export interface LambdasOptions {
  readonly functions: readonly FunctionSpec[];
  readonly clock: HostClock;
  readonly authorize: Authorize;
  readonly meter: Meter;
  readonly log: (functionName: string, line: string) => void;
  /** See `PoolOptions`; 60 s of the machine's time if absent. */
  readonly afterIdle?: (run: () => void) => Timer;
}

/** A service that invokes names the resource it acts for, such as the rule's ARN. */
export interface SourcedInvokeRequest extends InvokeRequest {
  readonly sourceArn?: string;
}

export interface Lambdas {
  /**
   * Invokes as AWS would: only what the caller's or the function's policies allow, within the payload limits. Throws `InvokeError` or
   * `AccessDenied` when the function is not run; its own failures are in the answer. An `Event` is answered at once and retried later.
   */
  invoke(request: SourcedInvokeRequest): Promise<InvokeAnswer>;
  /** As `invoke`, for event sources, which act in the function's own name and need no leave to run it. */
  run(functionName: string, payload: string): Promise<InvokeAnswer>;
  /** Worker threads alive, by function name. */
  workers(): Record<string, number>;
  /** Ends a function's workers at once; what they were doing is answered as a crash. */
  crash(functionName: string): Promise<void>;
  close(): Promise<void>;
}

interface Target {
  readonly pool: FunctionPool;
  readonly arn: string;
}

const IDLE_MS = 60_000;
/** Lambda's own waits before it tries an asynchronous invocation again. */
const EVENT_RETRY_MS = [60_000, 120_000];

function afterIdleByMachineTime(run: () => void): Timer {
  const timer = setTimeout(run, IDLE_MS).unref();
  return { cancel: () => clearTimeout(timer) };
}

function requireJson(payload: string): void {
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new InvokeError('could not parse the payload as JSON', { code: 'InvalidRequestContentException', cause: error });
  }
}

function requireFitting({ payload, invocationType }: InvokeRequest): void {
  const limit = invocationType === 'Event' ? awsLimits.lambdaEventPayloadBytes : awsLimits.lambdaPayloadBytes;
  const size = Buffer.byteLength(payload);
  if (size > limit) throw new InvokeError(`${size} byte payload is too large, the limit is ${limit}`, { code: 'RequestTooLargeException' });
}

function fitting(outcome: Outcome): Outcome {
  const size = Buffer.byteLength(outcome.payload);
  if (size <= awsLimits.lambdaPayloadBytes) return outcome;
  return failed(
    'Function.ResponseSizeTooLarge',
    `Response payload size (${size} bytes) exceeded maximum allowed payload size (6291556 bytes).`,
  );
}

export function openLambdas({ functions, clock, authorize, meter, log, afterIdle = afterIdleByMachineTime }: LambdasOptions): Lambdas {
  const pools = functions.map((spec) => new FunctionPool({ spec, clock, meter, afterIdle, log: (line) => log(spec.name, line) }));
  const targets = new Map<string, Target>(
    pools.flatMap((pool) => {
      const { name, arn, qualifiedArns } = pool.spec;
      const arns = [arn, ...qualifiedArns].map((each) => ({ pool, arn: each }));
      return arns.flatMap((target) => [[target.arn, target] as const, [target.arn.slice(arn.length - name.length), target] as const]);
    }),
  );

  function find(functionName: string): Target {
    const target = targets.get(functionName);
    if (target === undefined) throw new InvokeError(`Function not found: ${functionName}`, { code: 'ResourceNotFoundException' });
    return target;
  }

  async function run(functionName: string, payload: string): Promise<InvokeAnswer> {
    const { pool, arn } = find(functionName);
    return fitting(await pool.run(payload, arn));
  }

  async function runEvent({ pool, arn }: Target, payload: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const { functionError } = await pool.run(payload, arn);
      if (functionError === undefined || attempt >= pool.spec.eventRetries) return;
      await clock.sleep(EVENT_RETRY_MS[attempt] ?? 120_000);
    }
  }

  async function invoke(request: SourcedInvokeRequest): Promise<InvokeAnswer> {
    const target = find(request.functionName);
    const context = request.sourceArn === undefined ? {} : { 'aws:SourceArn': request.sourceArn };
    authorize({ caller: request.caller, action: 'lambda:InvokeFunction', resource: target.arn, context });
    requireFitting(request);
    requireJson(request.payload);
    if (request.invocationType === 'RequestResponse') return fitting(await target.pool.run(request.payload, target.arn));
    void runEvent(target, request.payload);
    return { payload: '' };
  }

  return {
    invoke,
    run,
    workers: () => Object.fromEntries(pools.map(({ spec, workers }) => [spec.name, workers])),
    crash: async (functionName) => targets.get(functionName)?.pool.end(),
    close: async () => void (await Promise.all(pools.map((pool) => pool.close()))),
  };
}
