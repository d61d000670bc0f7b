import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TableName } from '../../../core/change.ts';
import type { Host } from '../../../local/host.ts';

export interface StoredRow {
  readonly pk: string;
  readonly sk: string;
  readonly [attribute: string]: unknown;
}

/** The store as it is, read and written around the product. */
export interface Stored {
  all(table: TableName): Promise<readonly StoredRow[]>;
  set(table: TableName, key: Pick<StoredRow, 'pk' | 'sk'>, values: Readonly<Record<string, unknown>>): Promise<void>;
  /** As the template names it. */
  nameOf(table: TableName): string;
  close(): void;
}

export const storedIn = async (host: Host): Promise<Stored> => {
  const client = new DynamoDBClient({
    endpoint: String(host.endpoints['DYNAMODB']),
    region: 'us-east-1',
    credentials: { accessKeyId: host.operatorKey, secretAccessKey: 'unused' },
  });
  const document = DynamoDBDocumentClient.from(client);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const nameOf = (table: TableName): string => TableNames.find((name) => name.includes(table)) ?? table;
  return {
    nameOf,
    async all(table) {
      const rows: StoredRow[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const page = await document.send(new ScanCommand({ TableName: nameOf(table), ConsistentRead: true, ExclusiveStartKey: from }));
        rows.push(...((page.Items ?? []) as StoredRow[]));
        from = page.LastEvaluatedKey;
      } while (from);
      return rows;
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
