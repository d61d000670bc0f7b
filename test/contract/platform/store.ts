import { tableSpecs } from '../../../cdk/constructs/table-specs.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../../local/dynamodb/start.ts';
import { countingMeter, HandClock, REGION } from '../dynamodb/support.ts';

const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

const template = (name: keyof typeof tableSpecs) => {
  const { indexes } = tableSpecs[name];
  return {
    KeySchema: keys('pk', 'sk'),
    AttributeDefinitions: ['pk', 'sk', ...indexes.flatMap((index) => [index.partitionAttribute, index.sortAttribute])].map(attribute),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keys(index.partitionAttribute, index.sortAttribute),
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    })),
  };
};

/** DynamoDB as one machine has it, with every table of the product, by its own name. */
export const startStore = async (): Promise<LocalDynamoDb> => {
  const store = await startDynamoDb({
    clock: new HandClock(),
    authorize: () => undefined,
    meter: countingMeter(),
    region: REGION,
    accountId: '000000000000',
  });
  await store.ensureTables(
    (Object.keys(tableSpecs) as (keyof typeof tableSpecs)[]).map((name) => ({ ...template(name), TableName: name })),
  );
  return store;
};
