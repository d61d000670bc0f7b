import type { Effect } from './apply-write.ts';

/** Units that writes have used, as answers show them. */

export const indexUnits = (effect: Effect) => Object.values(effect.indexUnits).reduce((total, units) => total + units, 0);

/** A transaction doubles what the item costs, not what its index rows cost. */
export const effectUnits = (effect: Effect, factor = 1) => effect.tableUnits * factor + indexUnits(effect);

interface Consumed {
  TableName: string;
  CapacityUnits: number;
  WriteCapacityUnits?: number;
  Table?: { CapacityUnits: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits: number }>;
}

function sumOf(effects: readonly Effect[], tableName: string, factor: number): Consumed & { Table: { CapacityUnits: number } } {
  const mine = effects.filter((effect) => effect.write.table.TableName === tableName);
  const indexes: Record<string, { CapacityUnits: number }> = {};
  for (const [name, units] of mine.flatMap((effect) => Object.entries(effect.indexUnits))) {
    indexes[name] = { CapacityUnits: (indexes[name]?.CapacityUnits ?? 0) + units };
  }
  const total = mine.reduce((units, effect) => units + effectUnits(effect, factor), 0);
  const table = mine.reduce((units, effect) => units + effect.tableUnits * factor, 0);
  return {
    TableName: tableName,
    CapacityUnits: total,
    ...(factor > 1 ? { WriteCapacityUnits: total } : {}),
    Table: { CapacityUnits: table },
    GlobalSecondaryIndexes: indexes,
  };
}

/** ConsumedCapacity by table, as detailed as `wanted` (TOTAL or INDEXES) says; empty when it was not asked for. */
export function capacityAnswer(effects: readonly Effect[], wanted: string | undefined, factor = 1): Consumed[] {
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return [];
  const tables = [...new Set(effects.map((effect) => effect.write.table.TableName))];
  return tables.map((name) => {
    const { Table, GlobalSecondaryIndexes, ...total } = sumOf(effects, name, factor);
    return wanted === 'INDEXES' ? { ...total, Table, ...(GlobalSecondaryIndexes ? { GlobalSecondaryIndexes } : {}) } : total;
  });
}
