import { EventEmitter } from 'node:events';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { type LocalDynamoDb, startDynamoDb } from '../../../local/dynamodb/start.ts';
import { AccessDenied, type AccessRequest, type Clock, type Meter, type Usage } from '../../../local/ports.ts';

/** A clock that moves only when told to. It emits `after` when somebody sets a timer. */
export class HandClock extends EventEmitter implements Clock {
  #now = Date.parse('2030-01-01T00:00:00Z');
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void) {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.push(timer);
    this.emit('after');
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  advance(byMs: number): void {
    this.#now += byMs;
    const due = this.#timers.filter((timer) => timer.at <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now);
    for (const timer of due) timer.run();
  }
}

const NOTHING: Usage = { readUnits: 0, writeUnits: 0, transactionConflicts: 0, lambdaRuns: 0, lambdaMs: 0, transitions: 0 };

export function countingMeter(): Meter {
  const totals: Record<string, Usage> = {};
  return {
    add: (caller, used) => {
      const total = totals[caller] ?? { ...NOTHING };
      totals[caller] = total;
      total.readUnits += used.readUnits ?? 0;
      total.writeUnits += used.writeUnits ?? 0;
      total.transactionConflicts += used.transactionConflicts ?? 0;
    },
    snapshot: () => totals,
  };
}

export const REGION = 'eu-central-1';

/** Such as the endpoint's own address, or that of another DynamoDB by the environment, for the tests that need no more than the protocol. */
export function client(endpoint: string, config: DynamoDBClientConfig & { caller?: string } = {}): DynamoDBClient {
  const { caller = 'TESTER', ...rest } = config;
  const credentials = { accessKeyId: caller, secretAccessKey: 'none' };
  return new DynamoDBClient({ endpoint, region: REGION, credentials, maxAttempts: 1, ...rest });
}

export interface Local {
  db: LocalDynamoDb;
  clock: HandClock;
  meter: Meter;
  asked: AccessRequest[];
  /** Caller, action or resource whose requests are refused. */
  denied: Set<string>;
  ddb: DynamoDBClient;
  used(caller?: string): Usage;
  close(): Promise<void>;
}

export async function startLocal(options: { dataDir?: string } = {}): Promise<Local> {
  const clock = new HandClock();
  const meter = countingMeter();
  const asked: AccessRequest[] = [];
  const denied = new Set<string>();
  const authorize = (request: AccessRequest) => {
    asked.push(request);
    if ([request.caller, request.action, request.resource].some((word) => denied.has(word)))
      throw new AccessDenied(`User: ${request.caller} is not authorized to perform: ${request.action} on resource: ${request.resource}`);
  };
  const db = await startDynamoDb({ ...options, clock, meter, authorize, region: REGION, accountId: '123456789012' });
  const ddb = client(db.url);
  const close = async () => {
    ddb.destroy();
    await db.close();
  };
  return { db, clock, meter, asked, denied, ddb, used: (caller = 'TESTER') => meter.snapshot()[caller] ?? NOTHING, close };
}

export interface Endpoint {
  ddb: DynamoDBClient;
  close(): Promise<void>;
}

/** The endpoint under test: the one of DYNAMODB_ENDPOINT if set, with the credentials of the environment, else a fresh local one. */
export async function startEndpoint(): Promise<Endpoint> {
  const elsewhere = process.env['DYNAMODB_ENDPOINT'];
  if (elsewhere === undefined) return startLocal();
  const ddb = new DynamoDBClient({ endpoint: elsewhere, maxAttempts: 1 });
  return { ddb, close: async () => ddb.destroy() };
}

export const S = (value: string) => ({ S: value });
export const N = (value: number) => ({ N: String(value) });

let tables = 0;

export const freshName = () => {
  tables += 1;
  return `conformance-${process.pid}-${Date.now()}-${tables}`;
};

export const specOf = (name: string) => ({
  TableName: name,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: ['pk', 'owner', 'ownerSort'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byOwner',
      KeySchema: [
        { AttributeName: 'owner', KeyType: 'HASH' as const },
        { AttributeName: 'ownerSort', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: ['size'] },
    },
  ],
});

/** A table with key `pk` and the index `byOwner` (owner, ownerSort, with size), made through the protocol. */
export async function createTable(ddb: DynamoDBClient): Promise<string> {
  const name = freshName();
  await ddb.send(new CreateTableCommand({ ...specOf(name), BillingMode: 'PAY_PER_REQUEST' }));
  for (;;) {
    const { Table } = await ddb.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return name;
  }
}
