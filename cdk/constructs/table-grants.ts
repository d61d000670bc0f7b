import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { TableAccess } from './function-specs.ts';
import { expiryAttribute, keyAttributes, type TableName, tableSpecs } from './table-specs.ts';

const read = ['GetItem', 'BatchGetItem', 'Query'];
const write = ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'];

const actionsOf: Readonly<Record<TableAccess, readonly string[]>> = {
  read,
  readWrite: [...read, ...write],
  /** Looks for the installation's first rows and makes them. */
  bootstrap: ['GetItem', 'PutItem'],
  append: ['PutItem'],
  touchToken: ['UpdateItem'],
  /** Wrong passwords of users. */
  countLogins: ['GetItem', 'PutItem', 'UpdateItem'],
};

/** Of a token only its last use may be written, and no other attribute may even be named. */
const touchTokenCondition = {
  'ForAllValues:StringEquals': {
    'dynamodb:Attributes': [keyAttributes.partition, keyAttributes.sort, 'lastUsedAt', expiryAttribute],
  },
};

/**
 * The partition keys of the installation's first rows: its own, the list of tenants, and the root tenant. That one's id is random, so the
 * pattern admits every tenant's row.
 */
const bootstrapCondition = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['INSTALLATION', 'LIST#all#TenantOrg', 'urn:storageos:TenantOrg:*'] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
};

const countLoginsCondition = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['LOGIN#*'] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
};

const conditionsOf: Readonly<Partial<Record<TableAccess, Readonly<Record<string, unknown>>>>> = {
  bootstrap: bootstrapCondition,
  touchToken: touchTokenCondition,
  countLogins: countLoginsCondition,
};

const indexArns = (name: TableName, table: TableV2, access: TableAccess): string[] =>
  access === 'read' || access === 'readWrite' ? tableSpecs[name].indexes.map((index) => `${table.tableArn}/index/${index.name}`) : [];

export const tableStatements = (name: TableName, table: TableV2, accesses: readonly TableAccess[]): readonly PolicyStatement[] =>
  accesses.map(
    (access) =>
      new PolicyStatement({
        actions: actionsOf[access].map((action) => `dynamodb:${action}`),
        resources: [table.tableArn, ...indexArns(name, table, access)],
        conditions: { ...conditionsOf[access] },
      }),
  );
