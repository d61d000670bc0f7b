import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Row, TableName } from '../../core/change.ts';
import type { Clock, Drivers, Jobs, Queues, Secrets, Sleeper, Workflows } from '../../core/ports.ts';
import type { ApiPorts } from '../../core/request.ts';
import { lambdaDrivers } from './drivers.ts';
import { type Environment, readEnvironment, required } from './env.ts';
import { randomIds } from './ids.ts';
import { sqsJobs } from './jobs.ts';
import { powertoolsLog } from './log.ts';
import { type Counter, embeddedMetrics } from './metrics.ts';
import { sqsQueues } from './queues.ts';
import { tellingRights } from './rights.ts';
import { dynamoRows } from './rows.ts';
import { secretsManager } from './secrets.ts';
import { wholeTable } from './whole-table.ts';
import { stepFunctionsWorkflows } from './workflows.ts';

/** Compositions. Each function takes what it uses, and the bundler leaves out the rest. Clients are made once per environment. */

const clock: Clock = { now: () => Date.now() };

export const awsSleeper: Sleeper = { sleep: (ms) => sleep(ms) };

const tableVariables = {
  Inventory: 'INVENTORY_TABLE',
  Tasks: 'TASKS_TABLE',
  Coordination: 'COORDINATION_TABLE',
  Identity: 'IDENTITY_TABLE',
  History: 'HISTORY_TABLE',
} as const satisfies Record<TableName, keyof Environment>;

export const awsRows = () =>
  dynamoRows({
    client: tellingRights(new DynamoDBClient({})),
    tables: (table) => required(tableVariables[table]),
    random: Math.random,
    sleep: (ms) => sleep(ms),
    newToken: () => randomUUID(),
  });

/** Of the tables that a restore replaces. */
export const awsStoreName = (): string => `${required('INVENTORY_TABLE')} ${required('TASKS_TABLE')}`;

export const awsWholeTable = (table: TableName): Promise<Row[]> =>
  wholeTable(tellingRights(new DynamoDBClient({})), required(tableVariables[table]));

export const awsWorkflows = (): Workflows => stepFunctionsWorkflows(tellingRights(new SFNClient({})), readEnvironment().STATE_MACHINES);

export const awsDrivers = (): Drivers =>
  lambdaDrivers(tellingRights(new LambdaClient({ maxAttempts: 1 })), readEnvironment().DRIVER_FUNCTIONS);

export const awsSecrets = (): Secrets => secretsManager(tellingRights(new SecretsManagerClient({})));

export const awsJobs = (): Jobs => sqsJobs(tellingRights(new SQSClient({})), required('JOBS_QUEUE_URL'));

export const awsQueues = (): Queues =>
  sqsQueues(tellingRights(new SQSClient({})), { jobs: required('JOBS_QUEUE_URL'), 'dead-jobs': required('DEAD_JOBS_QUEUE_URL') });

export const awsCounter = (service: string): Counter => embeddedMetrics(service);

export const awsBase = (service: string) => ({ rows: awsRows(), ids: randomIds(clock.now), clock, log: powertoolsLog(service) });

/** What every handler of the API works with. */
export const awsApi = (service: string): ApiPorts => ({ ...awsBase(service), workflows: awsWorkflows() });
