import type { Access } from './access.ts';
import type { Application } from './assembly/application.ts';
import { machinesOf } from './assembly/machines.ts';
import type { HostClock } from './clock/clock.ts';
import type { DataFolder } from './data-folder.ts';
import { type LocalDynamoDb, startDynamoDb } from './dynamodb/start.ts';
import type { BusEvent } from './events/rules.ts';
import type { Lambdas } from './lambda/lambdas.ts';
import type { Meter } from './ports.ts';
import { type LocalSecretsManager, startSecretsManager } from './secrets/start.ts';
import { type LocalSqs, startSqs } from './sqs/start.ts';
import { type LocalStepFunctions, startStepFunctions } from './stepfunctions/start.ts';
import type { OnStorageFailure } from './storage-failure.ts';
import { tableSpecOf } from './table-specs.ts';

export interface Surroundings {
  readonly application: Application;
  readonly folder: DataFolder;
  readonly access: Access;
  readonly clock: HostClock;
  readonly meter: Meter;
  readonly region: string;
  readonly accountId: string;
  readonly onStorageFailure: OnStorageFailure;
}

/** What the parts call that is only there when all of them run. */
export interface Later {
  readonly lambdas: Promise<Lambdas>;
  publish(event: BusEvent): void;
  /** Settles when interrupted work may go on. */
  readonly ready: Promise<unknown>;
}

export interface Parts {
  readonly dynamodb: LocalDynamoDb;
  readonly sqs: LocalSqs;
  readonly secrets: LocalSecretsManager;
  readonly stepfunctions: LocalStepFunctions;
}

interface Closable {
  close(): Promise<void>;
}

async function startTables({ application, folder, access, ...rest }: Surroundings): Promise<LocalDynamoDb> {
  const dynamodb = await startDynamoDb({ ...rest, dataDir: folder.part('dynamodb'), authorize: access.authorize });
  const tables = application.ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table');
  try {
    await dynamodb.ensureTables(tables.map(tableSpecOf));
    return dynamodb;
  } catch (error) {
    await dynamodb.close();
    throw error;
  }
}

function startQueues({ application, folder, access, ...rest }: Surroundings): Promise<LocalSqs> {
  const queues = application.ofType('AWS::SQS::Queue').map(({ name, properties }) => ({ name, properties }));
  return startSqs({ ...rest, dataDir: folder.part('sqs'), authorize: access.authorize, queues });
}

function startMachines({ application, folder, access, ...rest }: Surroundings, later: Later): Promise<LocalStepFunctions> {
  return startStepFunctions({
    ...rest,
    dataDir: folder.part('stepfunctions'),
    authorize: access.authorize,
    machines: machinesOf(application),
    invoke: async (request) => (await later.lambdas).invoke(request),
    onExecutionEnded: (event) => later.publish({ ...event }),
    resumeWhen: later.ready,
  });
}

/** Starts the services that keep data, side by side; when one cannot start, the others are closed again. */
export async function startParts(around: Surroundings, later: Later): Promise<Parts> {
  const { folder, access } = around;
  const starting = [
    startTables(around),
    startQueues(around),
    startSecretsManager({ ...around, dataDir: folder.part('secrets'), authorize: access.authorize }),
    startMachines(around, later),
  ] as const;
  const settled = await Promise.allSettled<Closable>(starting);
  const failure = settled.find((each) => each.status === 'rejected');
  if (failure !== undefined) {
    await Promise.all(settled.map((each) => (each.status === 'fulfilled' ? each.value.close() : undefined)));
    throw failure.reason;
  }
  const [dynamodb, sqs, secrets, stepfunctions] = await Promise.all(starting);
  return { dynamodb, sqs, secrets, stepfunctions };
}
