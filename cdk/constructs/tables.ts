import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { expiryAttribute, type IndexSpec, keyAttributes, type TableName, tableSpecs } from './table-specs.ts';

export type Tables = Readonly<Record<TableName, TableV2>>;

const text = (name: string) => ({ name, type: AttributeType.STRING });

const index = (spec: IndexSpec) => ({
  indexName: spec.name,
  partitionKey: text(spec.partitionAttribute),
  sortKey: text(spec.sortAttribute),
  projectionType: ProjectionType.KEYS_ONLY,
});

export const makeTables = (scope: Construct, isDisposable: boolean): Tables => {
  const make = (name: TableName): TableV2 => {
    const spec = tableSpecs[name];
    return new TableV2(scope, name, {
      partitionKey: text(keyAttributes.partition),
      sortKey: text(keyAttributes.sort),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      globalSecondaryIndexes: spec.indexes.map(index),
      ...(spec.hasExpiry ? { timeToLiveAttribute: expiryAttribute } : {}),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: spec.isRecoverable },
      deletionProtection: !isDisposable,
      removalPolicy: isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  };
  return {
    Inventory: make('Inventory'),
    Tasks: make('Tasks'),
    Coordination: make('Coordination'),
    Identity: make('Identity'),
    History: make('History'),
  };
};
