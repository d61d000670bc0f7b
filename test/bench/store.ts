import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { Rows } from '../../core/ports.ts';
import { dynamoRows } from '../../platform/aws/rows.ts';
import type { Started } from './world.ts';

/** The store of a running host, by the key that may do everything. */
export const operatorRows = async ({ endpoints, operatorKey }: Pick<Started, 'endpoints' | 'operatorKey'>): Promise<Rows> => {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: endpoints['DYNAMODB'] ?? '',
    credentials: { accessKeyId: operatorKey, secretAccessKey: 'unused' },
  });
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  return dynamoRows({
    client,
    tables: (table) => TableNames.find((name) => name.includes(table)) ?? table,
    random: Math.random,
    sleep: (ms) => sleep(ms),
    newToken: randomUUID,
  });
};
