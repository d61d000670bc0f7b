import * as z from 'zod';
import type { Resource } from './assembly/application.ts';
import { readProperties } from './assembly/read-properties.ts';
import type { TableSpec } from './dynamodb/model.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const indexes = z.array(
  z.object({
    IndexName: z.string(),
    KeySchema: keySchema,
    Projection: z.object({
      ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
      NonKeyAttributes: z.array(z.string()).exactOptional(),
    }),
  }),
);

const properties = z.object({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  GlobalSecondaryIndexes: indexes.exactOptional(),
  LocalSecondaryIndexes: indexes.exactOptional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().exactOptional(), Enabled: z.boolean() }).exactOptional(),
  StreamSpecification: z.never().exactOptional(),
});

/** What the local DynamoDB needs to know of a table; backups, replicas and encryption are of the cloud only. */
export const tableSpecOf = (resource: Resource): TableSpec => ({ ...readProperties(resource, properties), TableName: resource.name });
