import type { AccessRequest } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { Touch } from './faults.ts';
import type { AttributeValue, Checked, Path, Table } from './model.ts';

/** Something a request wants to do to a table or an index, in the terms of IAM. */
export interface Access {
  action: string;
  table: string;
  index?: string;
  requests: readonly Checked[];
  /** The operation that the action is a part of, if it is another one. */
  enclosingOperation?: string;
}

const head = (path: string | number | Path | undefined) => (Array.isArray(path) ? path[0] : path);

/** Names of the attributes that an operand of an update reads: operands are paths, values, or calls with operands. */
function operandHeads(operand: unknown): unknown[] {
  if (Array.isArray(operand)) return [operand[0]];
  if (typeof operand !== 'object' || operand === null || !('args' in operand) || !Array.isArray(operand.args)) return [];
  return operand.args.flatMap(operandHeads);
}

function attributesOf(request: Checked): unknown[] {
  const records = [
    request.Item,
    request.Key,
    request.KeyConditions,
    request.AttributeUpdates,
    request.Expected,
    request._condition?.pathHeads,
    request._filter?.pathHeads,
  ];
  return [
    ...records.flatMap((record) => Object.keys(record ?? {})),
    ...(request.AttributesToGet ?? []),
    ...(request._projection?.paths ?? []).map(head),
    ...(request._updates?.sections ?? []).flatMap(({ path, val }) => [head(path), ...operandHeads(val)]),
  ];
}

const plain = (value: AttributeValue | undefined) => value?.S ?? value?.N ?? value?.B;

function leadingKey(request: Checked, hashName: string): string | undefined {
  const item = request.Item ?? request.Key;
  return plain(item?.[hashName] ?? request.KeyConditions?.[hashName]?.AttributeValueList?.[0]);
}

const texts = (values: readonly unknown[]) => [...new Set(values)].filter((value) => typeof value === 'string');

function leadingKeys(access: Access, table: Table | undefined): string[] {
  const index = [...(table?.GlobalSecondaryIndexes ?? []), ...(table?.LocalSecondaryIndexes ?? [])].find(
    (candidate) => candidate.IndexName === access.index,
  );
  const hashName = (index ?? table)?.KeySchema[0]?.AttributeName;
  return hashName === undefined ? [] : texts(access.requests.map((request) => leadingKey(request, hashName)));
}

function isPartial(request: Checked): boolean {
  return request._projection !== undefined || request.AttributesToGet !== undefined;
}

function context(access: Access, table: Table | undefined): NonNullable<AccessRequest['context']> {
  const [first] = access.requests;
  const keys = leadingKeys(access, table);
  const attributes = texts(access.requests.flatMap(attributesOf));
  const isRead = /Get|Query|Scan/.test(access.action);
  const select = first?.Select ?? (access.requests.every(isPartial) ? 'SPECIFIC_ATTRIBUTES' : 'ALL_ATTRIBUTES');
  return {
    ...(keys.length > 0 ? { 'dynamodb:LeadingKeys': keys } : {}),
    ...(attributes.length > 0 ? { 'dynamodb:Attributes': attributes } : {}),
    ...(isRead ? { 'dynamodb:Select': select } : {}),
    ...(first?.ReturnValues ? { 'dynamodb:ReturnValues': first.ReturnValues } : {}),
    ...(access.enclosingOperation ? { 'dynamodb:EnclosingOperation': access.enclosingOperation } : {}),
  };
}

/** A table that does not exist is nobody's secret to keep: access is decided before that is told. */
export const tableIfAny = (engine: Engine, name: string) => engine.store.table(name).catch(() => undefined);

/** Throws AccessDenied at the first thing that the caller may not do. */
export async function authorizeAll(engine: Engine, caller: string, accesses: readonly Access[]): Promise<void> {
  for (const access of accesses) {
    const table = await tableIfAny(engine, access.table);
    const arn = access.table === '*' ? '*' : engine.arnPrefix + access.table + (access.index === undefined ? '' : `/index/${access.index}`);
    engine.authorize({ caller, action: `dynamodb:${access.action}`, resource: arn, context: context(access, table) });
  }
}

export const touchesOf = (accesses: readonly Access[]): Touch[] => accesses.map(({ table }) => ({ table }));
