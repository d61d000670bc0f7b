import { type DynamoDBClient, type DynamoDBServiceException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Row, Write } from '../../core/change.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import type { QueryPage, RowPage, Rows } from '../../core/ports.ts';
import { invalidCursor, readCursor, writeCursor } from './cursor.ts';
import { type Tables, transactItem } from './expressions.ts';
import { keyedReads } from './reads.ts';
import { Contention, retryContention, Unanswered } from './retry.ts';

export interface RowsOptions {
  readonly client: DynamoDBClient;
  readonly tables: Tables;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly newToken: () => string;
}

const indexKeys: Record<NonNullable<QueryPage['index']>, readonly [string, string]> = {
  Open: ['openPk', 'openSk'],
  ByTenant: ['tenantPk', 'tenantSk'],
  ByDue: ['duePk', 'dueSk'],
  ByDay: ['dayPk', 'daySk'],
};

const refusal = (write: Write): ControlPlaneError =>
  new ControlPlaneError(write.otherwise?.message ?? 'the resource was changed at the same time; read it and try again', {
    code: write.otherwise?.code ?? 'resource.changed',
  });

const contended = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded'];

/** Why DynamoDB cancelled: the first failed condition is the caller's answer; conflicts and throttling are tried again. */
const cancelled = (error: TransactionCanceledException, writes: readonly Write[]): Error => {
  const reasons = error.CancellationReasons ?? [];
  const failed = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed');
  const write = writes[failed];
  if (write) return refusal(write);
  return reasons.some((reason) => contended.includes(reason.Code ?? ''))
    ? new Contention('the transaction was in conflict', { cause: error })
    : error;
};

const contentionNames = [
  'TransactionConflictException',
  'TransactionInProgressException',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
];

/** The client gives `$metadata` to whatever went wrong between it and the store; a status below 500 is an answer. */
const isUnanswered = (error: Error): boolean => {
  const { $metadata: metadata } = error as Partial<DynamoDBServiceException>;
  return metadata !== undefined && (metadata.httpStatusCode ?? 500) >= 500;
};

const translated = (error: unknown, writes: readonly Write[]): unknown => {
  if (error instanceof TransactionCanceledException) return cancelled(error, writes);
  if (!(error instanceof Error)) return error;
  const [first] = writes;
  if (error.name === 'ConditionalCheckFailedException' && first) return refusal(first);
  if (contentionNames.includes(error.name)) return new Contention('the store is busy', { cause: error });
  return isUnanswered(error) ? new Unanswered('the store did not answer', { cause: error }) : error;
};

/** DynamoDB's tables as `Rows`. The one place where requests are tried again. */
export const dynamoRows = (options: RowsOptions): Rows => {
  const document = DynamoDBDocumentClient.from(options.client, { marshallOptions: { removeUndefinedValues: true } });
  const { tables } = options;
  const read = keyedReads(document);

  const single = async (write: Write): Promise<void> => {
    const item = transactItem(write, tables);
    if ('Put' in item) await document.send(new PutCommand(item.Put));
    else if ('Update' in item) await document.send(new UpdateCommand(item.Update));
    else if ('Delete' in item) await document.send(new DeleteCommand(item.Delete));
    else await document.send(new TransactWriteCommand({ TransactItems: [item] }));
  };

  const together = async (writes: readonly Write[], token: string): Promise<void> => {
    const TransactItems = writes.map((write) => transactItem(write, tables));
    await document.send(new TransactWriteCommand({ TransactItems, ClientRequestToken: token }));
  };

  const patiently = <T>(work: () => Promise<T>, writes: readonly Write[] = []): Promise<T> =>
    retryContention(options, () =>
      work().catch((error: unknown) => {
        throw translated(error, writes);
      }),
    );

  return {
    get: async (table, key) => (await patiently(() => read(tables(table), [key])))[0],
    getMany: (table, keys) => patiently(() => read(tables(table), keys)),
    query: (page) => patiently(() => queryPage(document, tables, page)),
    async transact(writes) {
      const [first, ...more] = writes;
      if (!first) return;
      const token = options.newToken();
      await patiently(() => (more.length === 0 ? single(first) : together(writes, token)), writes);
    },
  };
};

/** What of the partition is read. */
const sortCondition = ({ skPrefix, skBetween }: QueryPage): { text: string; values: Record<string, string> } | undefined => {
  if (skBetween) return { text: ' AND #s BETWEEN :from AND :to', values: { ':from': skBetween[0], ':to': skBetween[1] } };
  return skPrefix ? { text: ' AND begins_with(#s, :s)', values: { ':s': skPrefix } } : undefined;
};

/** Of a query that begins at a cursor the store refuses only that: the rest is ours and is tried without one. */
const refusedCursor = (error: unknown): never => {
  throw error instanceof Error && error.name === 'ValidationException' ? invalidCursor(error) : error;
};

const queryPage = async (document: DynamoDBDocumentClient, tables: Tables, page: QueryPage): Promise<RowPage> => {
  const [pkName, skName] = page.index ? indexKeys[page.index] : ['pk', 'sk'];
  const sort = sortCondition(page);
  const start = page.cursor ? readCursor(page.cursor, { pkName, pk: page.pk }) : undefined;
  const answered = document.send(
    new QueryCommand({
      TableName: tables(page.table),
      ...(page.index ? { IndexName: page.index } : { ConsistentRead: true }),
      KeyConditionExpression: `#p = :p${sort?.text ?? ''}`,
      ExpressionAttributeNames: { '#p': pkName, ...(sort ? { '#s': skName } : {}) },
      ExpressionAttributeValues: { ':p': page.pk, ...sort?.values },
      ...(page.limit ? { Limit: page.limit } : {}),
      ...(page.newestFirst ? { ScanIndexForward: false } : {}),
      ...(start ? { ExclusiveStartKey: start } : {}),
    }),
  );
  const answer = await (start ? answered.catch(refusedCursor) : answered);
  const last = answer.LastEvaluatedKey;
  return { rows: (answer.Items ?? []) as Row[], ...(last ? { cursor: writeCursor(last) } : {}) };
};
