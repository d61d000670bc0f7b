/** DynamoDB's JSON, as it travels and as it is stored. */

export interface AttributeValue {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
}

export type Item = Record<string, AttributeValue>;

export interface KeyElement {
  AttributeName: string;
  KeyType: 'HASH' | 'RANGE';
}

export interface IndexSpec {
  IndexName: string;
  KeySchema: KeyElement[];
  Projection: { ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'; NonKeyAttributes?: string[] };
}

interface Schema {
  TableName: string;
  KeySchema: KeyElement[];
  AttributeDefinitions: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
  GlobalSecondaryIndexes?: IndexSpec[];
  LocalSecondaryIndexes?: IndexSpec[];
}

/** Properties of `AWS::DynamoDB::GlobalTable` or `AWS::DynamoDB::Table`, resolved; those not named here are about the cloud only. */
export interface TableSpec extends Schema {
  TimeToLiveSpecification?: { AttributeName?: string; Enabled: boolean };
  StreamSpecification?: unknown;
}

/** A table as DescribeTable shows it. */
export interface Table extends Schema {
  TableStatus: string;
  TableArn: string;
}

export interface ParsedExpression {
  expression: unknown;
  pathHeads: Record<string, true>;
}

export type Path = (string | number)[];

export interface ParsedUpdates {
  sections: { path: Path; val?: unknown }[];
}

/** A request after dynalite has checked it and parsed its expressions. */
export interface Checked {
  TableName: string;
  IndexName?: string;
  Item?: Item;
  Key?: Item;
  KeyConditions?: Record<string, { AttributeValueList?: AttributeValue[] }>;
  ExclusiveStartKey?: Item;
  AttributesToGet?: string[];
  AttributeUpdates?: Record<string, unknown>;
  Expected?: Record<string, unknown>;
  Select?: string;
  ConsistentRead?: boolean;
  ReturnConsumedCapacity?: string;
  ReturnValues?: string;
  ConditionExpression?: string;
  _condition?: ParsedExpression;
  _filter?: ParsedExpression;
  _updates?: ParsedUpdates;
  _projection?: { paths: (string | Path)[] };
}

export type BatchOperation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
