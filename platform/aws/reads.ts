import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Key, Row } from '../../core/change.ts';
import { batchGet } from './batch-get.ts';

type Found = readonly (Row | undefined)[];

interface Waiting {
  readonly keys: Key[];
  readonly found: Promise<Found>;
}

/** Consistent reads by key. Those of one table that are asked for in the same turn are one request. */
export const keyedReads = (document: DynamoDBDocumentClient) => {
  const waiting = new Map<string, Waiting>();

  const read = async (table: string, keys: readonly Key[]): Promise<Found> => {
    const [only, ...more] = keys;
    if (!only) return [];
    if (more.length > 0) return batchGet(document, { table, keys });
    const answer = await document.send(new GetCommand({ TableName: table, Key: { pk: only.pk, sk: only.sk }, ConsistentRead: true }));
    return [answer.Item as Row | undefined];
  };

  const begin = (table: string): Waiting => {
    const keys: Key[] = [];
    const found = Promise.resolve().then(() => {
      waiting.delete(table);
      return read(table, keys);
    });
    const turn = { keys, found };
    waiting.set(table, turn);
    return turn;
  };

  /** In the order of the keys. */
  return async (table: string, keys: readonly Key[]): Promise<Found> => {
    if (keys.length === 0) return [];
    const turn = waiting.get(table) ?? begin(table);
    const start = turn.keys.length;
    turn.keys.push(...keys);
    return (await turn.found).slice(start, start + keys.length);
  };
};
