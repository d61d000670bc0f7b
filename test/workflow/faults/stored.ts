import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand, QueryCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TableName } from '../../../core/change.ts';
import { openPk } from '../../../core/operation/store.ts';
import type { Host } from '../../../local/host.ts';

export interface StoredRow {
  readonly pk: string;
  readonly sk: string;
  readonly [attribute: string]: unknown;
}

/** The store as it is, read and written around the product. */
export interface Stored {
  all(table: TableName): Promise<readonly StoredRow[]>;
  get(table: TableName, key: Pick<StoredRow, 'pk' | 'sk'>): Promise<StoredRow | undefined>;
  /** Operations that have not ended; cheaper than reading all. */
  open(): Promise<readonly StoredRow[]>;
  set(table: TableName, key: Pick<StoredRow, 'pk' | 'sk'>, values: Readonly<Record<string, unknown>>): Promise<void>;
  /** Tasks and operations that have ended, as their time to live will; none while any is open. */
  forgetEnded(): Promise<void>;
  /** As the template names it. */
  nameOf(table: TableName): string;
  close(): void;
}

/** Of BatchWriteItem. */
const batchSize = 25;

const rowsOf = (items: readonly Record<string, unknown>[] | undefined): StoredRow[] => (items ?? []) as StoredRow[];

export const storedIn = async (host: Pick<Host, 'endpoints' | 'operatorKey'>): Promise<Stored> => {
  const client = new DynamoDBClient({
    endpoint: String(host.endpoints['DYNAMODB']),
    region: 'us-east-1',
    credentials: { accessKeyId: host.operatorKey, secretAccessKey: 'unused' },
  });
  const document = DynamoDBDocumentClient.from(client);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const nameOf = (table: TableName): string => TableNames.find((name) => name.includes(table)) ?? table;
  const get: Stored['get'] = async (table, { pk, sk }) => {
    const { Item } = await document.send(new GetCommand({ TableName: nameOf(table), Key: { pk, sk }, ConsistentRead: true }));
    return Item as StoredRow | undefined;
  };
  const all: Stored['all'] = async (table) => {
    const rows: StoredRow[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await document.send(new ScanCommand({ TableName: nameOf(table), ConsistentRead: true, ExclusiveStartKey: from }));
      rows.push(...rowsOf(page.Items));
      from = page.LastEvaluatedKey;
    } while (from);
    return rows;
  };
  return {
    nameOf,
    all,
    get,
    async forgetEnded() {
      const rows = await all('Tasks');
      if (rows.some((row) => row['openPk'] !== undefined)) return;
      for (let from = 0; from < rows.length; from += batchSize) {
        const requests = rows.slice(from, from + batchSize).map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
        await document.send(new BatchWriteCommand({ RequestItems: { [nameOf('Tasks')]: requests } }));
      }
    },
    async open() {
      const { Items } = await document.send(
        new QueryCommand({
          TableName: nameOf('Tasks'),
          IndexName: 'Open',
          KeyConditionExpression: 'openPk = :open',
          ExpressionAttributeValues: { ':open': openPk },
        }),
      );
      const found = await Promise.all(rowsOf(Items).map((row) => get('Tasks', row)));
      return found.flatMap((row) => (row?.['openPk'] === undefined ? [] : [row]));
    },
    async set(table, key, values) {
      const names = Object.keys(values);
      await document.send(
        new UpdateCommand({
          TableName: nameOf(table),
          Key: { pk: key.pk, sk: key.sk },
          UpdateExpression: `SET ${names.map((_, n) => `#n${n} = :v${n}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(names.map((name, n) => [`#n${n}`, name])),
          ExpressionAttributeValues: Object.fromEntries(names.map((name, n) => [`:v${n}`, values[name]])),
        }),
      );
    },
    close: () => client.destroy(),
  };
};
