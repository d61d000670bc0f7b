import { type Access, createAccess } from './access.ts';
import { type Application, openApplication } from './assembly/application.ts';
import { refuseWhatAwsRefuses } from './assembly/limits.ts';
import { AssemblyError, loadAssembly } from './assembly/load.ts';
import { machinesOf } from './assembly/machines.ts';
import type { Stack } from './assembly/template.ts';
import type { HostClock } from './clock/clock.ts';
import { type Closers, closing } from './closing.ts';
import { type Controlled, startControl } from './control/control.ts';
import { type DataFolder, holdDataFolder } from './data-folder.ts';
import { type Events, startEvents } from './events/start.ts';
import { ownCertificate } from './gateway/certificate.ts';
import { startGateway } from './gateway/gateway.ts';
import { restApiOf } from './gateway/rest-api.ts';
import { startLambdaEndpoint } from './lambda/endpoint.ts';
import { type Lambdas, openLambdas } from './lambda/lambdas.ts';
import { functionsOf } from './lambda/read-functions.ts';
import { type HostLog, type LogLevel, openLog } from './log.ts';
import { createMeter } from './meter.ts';
import { type Later, type Parts, type Surroundings, startParts } from './parts.ts';
import { writeRunning } from './running.ts';
import type { OnStorageFailure } from './storage-failure.ts';
import { ensureSecrets, readRootPassword, rootSecretOf } from './template-secrets.ts';

export interface HostOptions {
  readonly assemblyDir: string;
  /** Everything that must survive lies below it; one host at a time. */
  readonly dataDir: string;
  /** Of the API by HTTP; 0 takes a free one. */
  readonly port: number;
  /** Of the API by TLS; without it there is none. */
  readonly tlsPort?: number;
  readonly controlPort?: number;
  /** Closed with the host. */
  readonly clock: HostClock;
  /** What functions write below this level is not logged; INFO if absent. */
  readonly logLevel?: LogLevel;
  /** Told, perhaps often, of what the disk did not take. The host is to be closed then. */
  readonly onStorageFailure?: OnStorageFailure;
}

export interface Host extends Controlled {
  readonly url: string;
  readonly tlsUrl?: string;
  /** The `/_local/*` routes. */
  readonly controlUrl: string;
  /** URLs of the AWS endpoints: DYNAMODB, SFN, SQS, SECRETS_MANAGER, LAMBDA. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** An access key for those endpoints that may do everything; new at every start. */
  readonly operatorKey: string;
  /** Of the user `root`, from the template's generated secret. */
  readonly rootPassword?: string;
  /** Ends it; what was under way goes on at the next start. */
  close(): Promise<void>;
}

const region = 'us-east-1';
const accountId = '000000000000';

type Learn = (application: Application, parts: Parts) => void;

interface Opened extends Surroundings {
  readonly options: HostOptions;
  readonly stacks: readonly Stack[];
  readonly log: HostLog;
  readonly closers: Closers;
  readonly access: Access;
  readonly folder: DataFolder;
}

/** Names that only the running parts know; asked too early they are a fault of the host. */
function lateNames() {
  let parts: Parts | undefined;
  let secretArns: ReadonlyMap<string, string> = new Map();
  const known = <T>(what: string, value: T | undefined): T => {
    if (value === undefined) throw new Error(`${what} is not known yet`);
    return value;
  };
  return {
    late: {
      queueUrl: (name: string) => known(`the URL of ${name}`, parts?.sqs.queueUrl(name)),
      secretArn: (name: string) => known(`the ARN of ${name}`, secretArns.get(name)),
    },
    learn(application: Application, started: Parts) {
      parts = started;
      secretArns = ensureSecrets(application, started.secrets);
    },
  };
}

function openFunctions({ application, access, clock, meter, log }: Opened, endpoints: Readonly<Record<string, string>>): Lambdas {
  const functions = functionsOf(application, { region, accountId, endpoints });
  access.read(application, { functions, machines: machinesOf(application) });
  return openLambdas({ functions, clock, authorize: access.authorize, meter, log: log.write });
}

async function openGateway(opened: Opened, invoke: Lambdas['invoke']): Promise<Pick<Host, 'url' | 'tlsUrl'>> {
  const { application, options, folder, clock, log, closers } = opened;
  const api = restApiOf(application);
  if (api === undefined) throw new AssemblyError('the cloud assembly has no REST API');
  const { port, tlsPort } = options;
  const tls = tlsPort === undefined ? {} : { tls: { port: tlsPort, certificate: await ownCertificate(folder.part('tls')) } };
  const write = (line: string) => log.write('gateway', line);
  const gateway = await startGateway({ api, invoke, clock, region, accountId, port, ...tls, log: write });
  closers.add(gateway.close);
  const { url, tlsUrl } = gateway;
  return tlsUrl === undefined ? { url } : { url, tlsUrl };
}

async function rootPasswordOf({ application, access }: Opened, { secrets }: Parts): Promise<{ rootPassword?: string }> {
  const secret = rootSecretOf(application);
  return secret === undefined ? {} : { rootPassword: await readRootPassword(secret, { url: secrets.url, caller: access.operatorKey }) };
}

/** The parts that keep data, the Lambda endpoint, and where the SDK finds them. */
async function openParts({ closers, ...around }: Opened, { later, learn }: { later: Later; learn: Learn }) {
  const lambdaEndpoint = await startLambdaEndpoint(async (request) => (await later.lambdas).invoke(request));
  closers.add(lambdaEndpoint.close);
  const parts = await startParts(around, later);
  for (const part of [parts.dynamodb, parts.sqs, parts.secrets, parts.stepfunctions]) closers.add(part.close);
  learn(around.application, parts);
  const endpoints = {
    DYNAMODB: parts.dynamodb.url,
    SFN: parts.stepfunctions.url,
    SQS: parts.sqs.url,
    SECRETS_MANAGER: parts.secrets.url,
    LAMBDA: lambdaEndpoint.url,
  };
  return { parts, endpoints };
}

function openEvents({ application, clock, log, closers }: Opened, lambdas: Lambdas, { sqs }: Parts): Events {
  const write = (line: string) => log.write('events', line);
  const events = startEvents({ application, lambdas, queueUrl: sqs.queueUrl, clock, region, accountId, log: write });
  closers.add(events.close);
  return events;
}

async function run(opened: Opened, learn: Learn): Promise<Host> {
  const { access, application, clock, folder, meter, closers, options } = opened;
  const invokable = Promise.withResolvers<Lambdas>();
  const ready = Promise.withResolvers<void>();
  let events: Events | undefined;
  let lambdas: Lambdas | undefined;
  // Closed after the state machines, which would otherwise take the end of their functions for a failure.
  closers.add(() => lambdas?.close());
  const later: Later = { lambdas: invokable.promise, ready: ready.promise, publish: (event) => events?.publish(event) };
  const { parts, endpoints } = await openParts(opened, { later, learn });
  refuseWhatAwsRefuses(opened.stacks, opened.application);
  lambdas = openFunctions(opened, endpoints);
  invokable.resolve(lambdas);
  events = openEvents(opened, lambdas, parts);
  const [gateway, root] = await Promise.all([openGateway(opened, lambdas.invoke), rootPasswordOf(opened, parts)]);
  const faults = { dynamodb: parts.dynamodb.faults, stepfunctions: parts.stepfunctions.faults };
  const seen = { meter, faults, clock, executions: parts.stepfunctions.executions, events, lambdas };
  const control = await startControl(seen, options.controlPort);
  closers.add(control.close);
  ready.resolve();
  if (!opened.folder.isNew) events.catchUp();
  const environment = application.output('OperatorEnvironment');
  closers.add(writeRunning(folder.part('.'), { environment, endpoints, region, accessKeyId: access.operatorKey }));
  return { ...gateway, ...seen, ...root, controlUrl: control.url, endpoints, operatorKey: access.operatorKey, close: closers.close };
}

/**
 * Runs a cloud assembly on this machine. Rejects with `AssemblyError` or `PolicyError` for what the host cannot run as AWS would, with
 * `DataFolderInUse` if another host has the data, and with the system's error if a port is taken; then nothing is left running.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { late, learn } = lateNames();
  const stacks = loadAssembly(options.assemblyDir);
  const application = openApplication(stacks, { region, accountId, late });
  const closers = closing();
  try {
    const { onStorageFailure = () => undefined } = options;
    const folder = holdDataFolder(options.dataDir);
    closers.add(folder.release);
    const log = openLog(folder.part('host.log'), { level: options.logLevel, onStorageFailure });
    closers.add(log.close);
    closers.add(options.clock.close.bind(options.clock));
    const around = { application, folder, access: createAccess(), clock: options.clock, meter: createMeter(), region, accountId };
    return await run({ ...around, onStorageFailure, options, stacks, log, closers }, learn);
  } catch (error) {
    await Promise.allSettled([closers.close()]);
    throw error;
  }
}
