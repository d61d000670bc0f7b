import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { constructId } from './construct-id.ts';
import type { FunctionSpec } from './function-specs.ts';
import { type FunctionNetwork, NodeFunction } from './node-function.ts';
import { tableStatements } from './table-grants.ts';
import type { TableName } from './table-specs.ts';
import type { Tables } from './tables.ts';
import { type Surroundings, uses } from './uses.ts';

export interface FunctionMaker {
  readonly scope: Construct;
  readonly codeOf: (functionName: string) => Code;
  readonly tables: Tables;
  readonly driverNetwork: FunctionNetwork | undefined;
}

const tableNames = (spec: FunctionSpec): readonly TableName[] =>
  (['Inventory', 'Tasks', 'Coordination', 'Identity', 'History'] as const).filter((name) => spec.tables[name] !== undefined);

const environmentOf = (spec: FunctionSpec, tables: Tables, around: Surroundings): Record<string, string> => ({
  STAGE: around.config.stage,
  LOG_LEVEL: around.config.logLevel,
  ...Object.fromEntries(tableNames(spec).map((name) => [`${name.toUpperCase()}_TABLE`, tables[name].tableName])),
  ...Object.assign({}, ...spec.uses.map((use) => uses[use].environment(around))),
});

/** What a tool of an operator's needs to know, by the names that functions are told it. */
export const operatorEnvironment = (tables: Tables, around: Surroundings): Record<string, string> => ({
  STAGE: around.config.stage,
  ...Object.fromEntries(Object.entries(tables).map(([name, table]) => [`${name.toUpperCase()}_TABLE`, table.tableName])),
  ...uses.startMachines.environment(around),
  ...uses.invokeDrivers.environment(around),
});

/** Makes a function from its spec: what it declares to use is what its role allows, nothing else. */
export const makeFunction = (maker: FunctionMaker, spec: FunctionSpec, around: Surroundings): NodeFunction => {
  const made = new NodeFunction(maker.scope, constructId(spec.name), {
    spec,
    code: maker.codeOf(spec.name),
    logRetentionDays: around.config.logRetentionDays,
    environment: environmentOf(spec, maker.tables, around),
    network: spec.driverType === undefined ? undefined : maker.driverNetwork,
  });
  for (const name of tableNames(spec))
    for (const statement of tableStatements(name, maker.tables[name], spec.tables[name] ?? [])) made.role.addToPolicy(statement);
  for (const use of spec.uses) uses[use].grant(made.role, around, spec);
  return made;
};
