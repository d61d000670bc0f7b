import type * as z from 'zod';
import { capabilityVerbs, requireCapability } from './capabilities.ts';
import {
  type Credentials,
  contractVersion,
  type Driver,
  type DriverAnswer,
  type DriverContext,
  type DriverRequest,
  type GatewayCalls,
} from './driver.ts';
import { DriverError } from './errors.ts';
import { asDriverError, toFailure } from './failure.ts';
import { driverRequest, verbInputs } from './wire.ts';

export interface ServeOptions {
  /** Reads the secret of the request. */
  credentials: (request: DriverRequest) => Promise<Credentials>;
  now: () => number;
  allowedCidrs: readonly string[];
  /** The host's own end, epoch milliseconds; the earlier of this and the request's deadline holds. */
  deadline?: number;
  /** Gets what was thrown that no driver should throw. */
  onDefect?: (error: unknown) => void;
}

const invalid = (message: string): DriverError => new DriverError(message, { outcome: 'DriverRejected', code: 'request.invalid' });

/** Names the field, not its value: a value may be secret. */
const check = <T>(schema: z.ZodType<T>, value: unknown, what: string): T => {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [problem] = checked.error.issues.map(({ path, message }) => `${[what, ...path].join('.')}: ${message}`);
  throw invalid(String(problem));
};

const knownVerbs: ReadonlySet<string> = new Set(['checkConnection', 'identify', ...Object.values(capabilityVerbs).flat()]);

const checkRequest = (driver: Driver, raw: unknown, options: ServeOptions): DriverRequest => {
  const request = check(driverRequest, raw, 'request');
  if (request.contractVersion !== contractVersion) {
    throw invalid(`contract version ${request.contractVersion} is not spoken here; this driver speaks ${contractVersion}`);
  }
  if (!knownVerbs.has(request.verb)) throw invalid(`there is no verb ${request.verb}`);
  requireCapability(driver.declaration, request.verb);
  if (request.verb !== 'checkConnection') {
    if (request.credentials !== undefined) throw invalid('request.credentials: only checkConnection takes credentials');
    if (request.arrayId === undefined) throw invalid('request.arrayId: every verb but checkConnection needs the pinned array');
  }
  check(driver.declaration.options, request.options, 'request.options');
  if (options.now() >= request.deadline) {
    throw new DriverError('the deadline has passed', { outcome: 'DriverBusy', code: 'time.exhausted' });
  }
  return request;
};

const credentialsOf = (request: DriverRequest, options: ServeOptions): Promise<Credentials> => {
  if (request.verb !== 'checkConnection') return options.credentials(request);
  if (request.credentials === undefined) throw invalid('request.credentials: checkConnection needs them');
  return Promise.resolve(request.credentials);
};

type Verb = (input: unknown) => Promise<unknown>;

const run = async (driver: Driver, request: DriverRequest, context: DriverContext<unknown>): Promise<unknown> => {
  const { verb } = request;
  if (verb === 'checkConnection') return driver.checkConnection(context);
  const schema = Object.entries(verbInputs).find(([name]) => name === verb)?.[1];
  const input = schema === undefined ? undefined : check<unknown>(schema, request.input, 'input');
  const verbs: Readonly<Record<string, Verb>> = { ...(await driver.open(context)) } as Record<string, Verb>;
  const call = verbs[verb];
  if (call === undefined)
    throw new DriverError(`verb ${verb} is declared and not there`, { outcome: 'DriverRejected', code: 'driver.failed' });
  return call(input);
};

const contextOf = async (request: DriverRequest, options: ServeOptions, gatewayCalls: GatewayCalls): Promise<DriverContext<unknown>> => ({
  connection: request.connection,
  credentials: await credentialsOf(request, options),
  arrayId: request.arrayId,
  options: request.options,
  correlationId: request.correlationId,
  deadline: Math.min(request.deadline, options.deadline ?? request.deadline),
  now: options.now,
  allowedCidrs: options.allowedCidrs,
  onGatewayCall: (kind) => {
    gatewayCalls[kind] += 1;
  },
});

/** Runs one request against a driver. Never throws: what goes wrong is in the answer, typed. */
export const serveRequest = async (driver: Driver, raw: unknown, options: ServeOptions): Promise<DriverAnswer> => {
  const gatewayCalls: GatewayCalls = { login: 0, read: 0, change: 0 };
  try {
    const request = checkRequest(driver, raw, options);
    const context = await contextOf(request, options, gatewayCalls);
    return { gatewayCalls, output: await run(driver, request, context) };
  } catch (error) {
    if (!(error instanceof DriverError)) options.onDefect?.(error);
    return { gatewayCalls, error: toFailure(asDriverError(error)) };
  }
};
