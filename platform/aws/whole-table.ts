import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Row } from '../../core/change.ts';

/** Every row of a table, for tools that an operator runs; no function of the product may read so. */
export const wholeTable = async (client: DynamoDBClient, table: string): Promise<Row[]> => {
  const document = DynamoDBDocumentClient.from(client);
  const rows: Row[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await document.send(new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: from }));
    rows.push(...((page.Items ?? []) as Row[]));
    from = page.LastEvaluatedKey;
  } while (from);
  return rows;
};
