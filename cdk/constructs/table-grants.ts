import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { TableAccess } from './function-specs.ts';
import { expiryAttribute, keyAttributes, type TableName, tableSpecs } from './table-specs.ts';

const read = ['GetItem', 'BatchGetItem', 'Query'];
const write = ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'];

const actionsOf: Readonly<Record<TableAccess, readonly string[]>> = {
  read,
  readWrite: [...read, ...write],
  /** Makes the installation's first rows; never changes one. */
  bootstrap: ['GetItem', 'Query', 'PutItem', 'ConditionCheckItem'],
  append: ['PutItem'],
  touchToken: ['UpdateItem'],
};

/** Of a token only its last use may be written, and no other attribute may even be named. */
const touchTokenCondition = {
  'ForAllValues:StringEquals': {
    'dynamodb:Attributes': [keyAttributes.partition, keyAttributes.sort, 'lastUsedAt', expiryAttribute],
  },
};

const indexArns = (name: TableName, table: TableV2, access: TableAccess): string[] =>
  access === 'read' || access === 'readWrite' || access === 'bootstrap'
    ? tableSpecs[name].indexes.map((index) => `${table.tableArn}/index/${index.name}`)
    : [];

export const tableStatements = (name: TableName, table: TableV2, accesses: readonly TableAccess[]): readonly PolicyStatement[] =>
  accesses.map(
    (access) =>
      new PolicyStatement({
        actions: actionsOf[access].map((action) => `dynamodb:${action}`),
        resources: [table.tableArn, ...indexArns(name, table, access)],
        ...(access === 'touchToken' ? { conditions: touchTokenCondition } : {}),
      }),
  );
