import type { Condition, Row, TableName, Update, Value, Write } from '../../core/change.ts';

/** A write as DynamoDB's transaction item, built purely. */

export interface Expression {
  ConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, Value>;
}

interface Placeholders {
  name(attribute: string): string;
  value(value: Value): string;
  names: Record<string, string>;
  values: Record<string, Value>;
}

const placeholders = (): Placeholders => {
  const names: Record<string, string> = {};
  const values: Record<string, Value> = {};
  const name = (attribute: string): string => {
    const known = Object.entries(names).find(([, value]) => value === attribute)?.[0];
    const key = known ?? `#${Object.keys(names).length}`;
    names[key] = attribute;
    return key;
  };
  const value = (given: Value): string => {
    const key = `:${Object.keys(values).length}`;
    values[key] = given;
    return key;
  };
  return { name, value, names, values };
};

const conditionText = (condition: Condition, place: Placeholders): string => {
  const name = place.name(condition.attribute);
  if ('value' in condition) return `${name} ${condition.is} ${place.value(condition.value)}`;
  return condition.is === 'absent' ? `attribute_not_exists(${name})` : `attribute_exists(${name})`;
};

const conditionsText = (conditions: readonly Condition[], place: Placeholders): string =>
  conditions.map((condition) => conditionText(condition, place)).join(' AND ');

const clause = (keyword: string, parts: readonly string[]): string[] => (parts.length > 0 ? [`${keyword} ${parts.join(', ')}`] : []);

const updateText = (update: Update, place: Placeholders): string => {
  const defined = Object.entries(update.set ?? {}).filter((entry): entry is [string, Value] => entry[1] !== undefined);
  const set = defined.map(([attribute, value]) => `${place.name(attribute)} = ${place.value(value)}`);
  const remove = (update.remove ?? []).map((attribute) => place.name(attribute));
  const add = Object.entries(update.add ?? {}).map(([attribute, value]) => `${place.name(attribute)} ${place.value(value)}`);
  return [...clause('SET', set), ...clause('REMOVE', remove), ...clause('ADD', add)].join(' ');
};

const expressionOf = (write: Write): Expression => {
  const place = placeholders();
  const update = write.do === 'update' ? updateText(write, place) : '';
  const condition = conditionsText(write.when ?? [], place);
  return {
    ...(update ? { UpdateExpression: update } : {}),
    ...(condition ? { ConditionExpression: condition } : {}),
    ...(Object.keys(place.names).length > 0 ? { ExpressionAttributeNames: place.names } : {}),
    ...(Object.keys(place.values).length > 0 ? { ExpressionAttributeValues: place.values } : {}),
  };
};

const withoutUndefined = (row: Row): Record<string, Value> =>
  Object.fromEntries(Object.entries(row).filter((entry): entry is [string, Value] => entry[1] !== undefined));

export type Tables = (table: TableName) => string;

/** `{ Put }`, `{ Update }`, `{ Delete }` or `{ ConditionCheck }` as `TransactWriteItems` takes it. */
export const transactItem = (write: Write, tables: Tables) => {
  const TableName = tables(write.table);
  const expression = expressionOf(write);
  switch (write.do) {
    case 'put':
      return { Put: { TableName, Item: withoutUndefined(write.row), ...expression } };
    case 'update':
      return { Update: { TableName, Key: { ...write.key }, UpdateExpression: '', ...expression } };
    case 'delete':
      return { Delete: { TableName, Key: { ...write.key }, ...expression } };
    case 'check':
      return { ConditionCheck: { TableName, Key: { ...write.key }, ConditionExpression: '', ...expression } };
    default:
      return write satisfies never;
  }
};
