import type * as z from 'zod';
import { capabilityVerbs, requireCapability, requireVersion, versionNeeded } from './capabilities.ts';
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
import { schemasOf } from './wire/families.ts';
import { describeRequest, driverRequest } from './wire.ts';

export interface ServeOptions {
  /** Reads the secret of the request. */
  credentials: (request: DriverRequest) => Promise<Credentials>;
  now: () => number;
  allowedCidrs: readonly string[];
  /** The host's own end, epoch milliseconds; the earlier of this and the request's deadline holds. */
  deadline?: number;
  /** Gets what no driver should do: anything thrown but a driver error, and answers that break the contract. */
  onDefect?: (error: unknown) => void;
}

const invalid = (message: string): DriverError => new DriverError(message, { outcome: 'DriverRejected', code: 'request.invalid' });

const firstProblem = ({ issues }: z.ZodError, what: string): string =>
  String(issues.map(({ path, message }) => `${[what, ...path].join('.')}: ${message}`)[0]);

/** Names the field, not its value: a value may be secret. */
const check = <T>(schema: z.ZodType<T>, value: unknown, what: string): T => {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw invalid(firstProblem(checked.error, what));
};

/** What a driver answers is held to the same contract; an answer that breaks it says nothing about what was done. */
const checkOutput = async (verb: string, output: unknown, { onDefect }: ServeOptions): Promise<void> => {
  const { output: schema } = await schemasOf(verb);
  const checked = schema?.safeParse(output);
  if (checked?.error === undefined) return;
  const message = `${verb} answered what the contract does not have; ${firstProblem(checked.error, 'output')}`;
  const defect = new DriverError(message, { outcome: 'DriverUncertain', code: 'driver.failed' });
  onDefect?.(defect);
  throw defect;
};

const knownVerbs: ReadonlySet<string> = new Set(['checkConnection', 'identify', ...Object.values(capabilityVerbs).flat()]);

const requireContract = (version: number): void => {
  if (version === contractVersion) return;
  throw invalid(`contract version ${version} is not spoken here; this driver speaks ${contractVersion}`);
};

const checkRequest = (driver: Driver, raw: unknown, options: ServeOptions): DriverRequest => {
  const request = check(driverRequest, raw, 'request');
  requireContract(request.contractVersion);
  if (!knownVerbs.has(request.verb)) throw invalid(`there is no verb ${request.verb}`);
  requireCapability(driver.declaration, request.verb, request.input);
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

const openSession = async (driver: Driver, { verb, input }: DriverRequest, context: DriverContext<unknown>): Promise<Verb> => {
  const session = await driver.open(context);
  const needed = versionNeeded(driver.declaration, verb, input);
  if (needed.length > 0) requireVersion(needed, verb, (await session.identify()).version);
  const call = ({ ...session } as Readonly<Record<string, Verb>>)[verb];
  if (call !== undefined) return call;
  throw new DriverError(`verb ${verb} is declared and not there`, { outcome: 'DriverRejected', code: 'driver.failed' });
};

const run = async (driver: Driver, request: DriverRequest, context: DriverContext<unknown>): Promise<unknown> => {
  const { verb } = request;
  if (verb === 'checkConnection') return driver.checkConnection(context);
  const { input: schema } = await schemasOf(verb);
  const input = schema === undefined ? undefined : check<unknown>(schema, request.input, 'input');
  return (await openSession(driver, request, context))(input);
};

const describe = async (driver: Driver, raw: unknown): Promise<unknown> => {
  const { data } = describeRequest.safeParse(raw);
  if (data === undefined) return undefined;
  requireContract(data.contractVersion);
  return (await import('./describe.ts')).describeDriver(driver.declaration);
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
    const description = await describe(driver, raw);
    if (description !== undefined) return { gatewayCalls, output: description };
    const request = checkRequest(driver, raw, options);
    const output = await run(driver, request, await contextOf(request, options, gatewayCalls));
    await checkOutput(request.verb, output, options);
    return { gatewayCalls, output };
  } catch (error) {
    if (!(error instanceof DriverError)) options.onDefect?.(error);
    return { gatewayCalls, error: toFailure(asDriverError(error)) };
  }
};
