import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Key, Row } from '../../core/change.ts';
import { Contention } from './retry.ts';

const largestBatch = 100;

const keyText = ({ pk, sk }: Key): string => `${pk}\u0000${sk}`;

const readBatch = async (document: DynamoDBDocumentClient, table: string, keys: readonly Key[]): Promise<Row[]> => {
  const rows: Row[] = [];
  let pending: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  while (pending.length > 0) {
    const answer = await document.send(new BatchGetCommand({ RequestItems: { [table]: { Keys: pending, ConsistentRead: true } } }));
    rows.push(...((answer.Responses?.[table] ?? []) as Row[]));
    const left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    if (left.length === pending.length) throw new Contention('the store has read none of many keys');
    pending = left;
  }
  return rows;
};

/** Consistent reads of any number of keys, in their order; a key that is asked for twice is read once. `Contention` when the store reads none. */
export const batchGet = async (
  document: DynamoDBDocumentClient,
  request: { table: string; keys: readonly Key[] },
): Promise<readonly (Row | undefined)[]> => {
  const unique = [...new Map(request.keys.map(({ pk, sk }) => [keyText({ pk, sk }), { pk, sk }])).values()];
  const count = Math.ceil(unique.length / largestBatch);
  const batches = Array.from({ length: count }, (_, n) => unique.slice(n * largestBatch, (n + 1) * largestBatch));
  const answers = await Promise.all(batches.map((batch) => readBatch(document, request.table, batch)));
  const found = new Map(answers.flat().map((row) => [keyText(row), row]));
  return request.keys.map((key) => found.get(keyText(key)));
};
