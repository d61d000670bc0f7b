import type { Condition, Key, Row, TableName, Value, Write } from '../../core/change.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import type { QueryPage, RowPage, Rows } from '../../core/ports.ts';

const indexKeys = {
  Open: ['openPk', 'openSk'],
  ByTenant: ['tenantPk', 'tenantSk'],
  ByDue: ['duePk', 'dueSk'],
  ByDay: ['dayPk', 'daySk'],
} as const;

const keyText = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);
const keyOf = (write: Write): Key => (write.do === 'put' ? write.row : write.key);

/** As it comes back from the store: no undefined values, nothing shared with the writer. */
const stored = (row: Row): Row => JSON.parse(JSON.stringify(row)) as Row;

type Comparison = Extract<Condition, { value: unknown }>;

const isComparison = (condition: Condition): condition is Comparison => 'value' in condition;

const compares = (value: Value | undefined, condition: Comparison): boolean => {
  if (condition.is === '<>') return value !== condition.value;
  if (condition.is === '=') return value === condition.value;
  if (value === undefined || value === null || typeof value !== typeof condition.value) return false;
  return condition.is === '<=' ? value <= condition.value : value >= condition.value;
};

const holds = (row: Row | undefined, condition: Condition): boolean => {
  const value = row?.[condition.attribute];
  if (isComparison(condition)) return compares(value, condition);
  return condition.is === 'absent' ? value === undefined : value !== undefined;
};

const inOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const changedRow = (row: Row | undefined, write: Extract<Write, { do: 'update' }>): Row => {
  const next: Record<string, Value | undefined> = { ...row, ...write.key, ...write.set };
  for (const name of write.remove ?? []) delete next[name];
  for (const [name, amount] of Object.entries(write.add ?? {})) next[name] = Number(row?.[name] ?? 0) + amount;
  return stored({ ...next, ...write.key });
};

/** The store, in memory: conditions, transactions and order as DynamoDB has them; secondary indexes answer keys alone and do not lag. */
export class MemoryRows implements Rows {
  readonly #tables: Record<TableName, Map<string, Row>> = {
    Inventory: new Map(),
    Tasks: new Map(),
    Coordination: new Map(),
    Identity: new Map(),
    History: new Map(),
  };
  /** Every transaction that was carried out. */
  readonly transactions: (readonly Write[])[] = [];
  /** How many reads were made: `get`, `getMany` and `query` count one each. */
  reads = 0;

  get(table: TableName, key: Key): Promise<Row | undefined> {
    this.reads += 1;
    return Promise.resolve(this.#read(table, key));
  }

  getMany(table: TableName, keys: readonly Key[]): Promise<readonly (Row | undefined)[]> {
    this.reads += 1;
    return Promise.resolve(keys.map((key) => this.#read(table, key)));
  }

  query(page: QueryPage): Promise<RowPage> {
    this.reads += 1;
    const [pkName, skName] = page.index ? indexKeys[page.index] : (['pk', 'sk'] as const);
    const sortKey = (row: Row): string => String(row[skName]);
    const found = this.all(page.table)
      .filter((row) => row[pkName] === page.pk && row[skName] !== undefined && sortKey(row).startsWith(page.skPrefix ?? ''))
      .filter((row) => !page.skBetween || (sortKey(row) >= page.skBetween[0] && sortKey(row) <= page.skBetween[1]))
      .sort((a, b) => inOrder(sortKey(a), sortKey(b)) * (page.newestFirst ? -1 : 1));
    const start = page.cursor ? found.findIndex((row) => keyText(row) === Buffer.from(page.cursor ?? '', 'base64url').toString()) + 1 : 0;
    const rows = found.slice(start, start + (page.limit ?? 1000));
    const last = rows.at(-1);
    const shown = page.index ? rows.map((row): Row => ({ pk: row.pk, sk: row.sk, [pkName]: row[pkName], [skName]: row[skName] })) : rows;
    return Promise.resolve({
      rows: shown,
      ...(last && start + rows.length < found.length ? { cursor: Buffer.from(keyText(last)).toString('base64url') } : {}),
    });
  }

  async transact(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0 || writes.length > 100) throw new Error(`a transaction has 1 to 100 writes, not ${writes.length}`);
    const keys = writes.map((write) => `${write.table}${keyText(keyOf(write))}`);
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice) throw new Error(`two writes of one transaction are to ${twice}`);
    for (const write of writes) this.#check(write);
    for (const write of writes) this.#apply(write);
    this.transactions.push(writes);
  }

  /** Every row of a table. */
  all(table: TableName): Row[] {
    return [...this.#tables[table].values()].map(stored);
  }

  /** Everything that is stored, to compare before and after. */
  dump(): string {
    return JSON.stringify(Object.entries(this.#tables).map(([name, rows]) => [name, [...rows.entries()].sort()]));
  }

  /** Puts rows as they are, without conditions. */
  seed(table: TableName, rows: readonly Row[]): void {
    for (const row of rows) this.#tables[table].set(keyText(row), stored(row));
  }

  #read(table: TableName, key: Key): Row | undefined {
    const row = this.#tables[table].get(keyText(key));
    return row && stored(row);
  }

  #check(write: Write): void {
    const row = this.#read(write.table, keyOf(write));
    if ((write.when ?? []).every((condition) => holds(row, condition))) return;
    const refusal = write.otherwise ?? {
      code: 'resource.changed' as const,
      message: 'it was changed at the same time; read it and try again',
    };
    throw new ControlPlaneError(refusal.message, { code: refusal.code });
  }

  #apply(write: Write): void {
    const table = this.#tables[write.table];
    const key = keyText(keyOf(write));
    if (write.do === 'put') table.set(key, stored(write.row));
    if (write.do === 'delete') table.delete(key);
    if (write.do === 'update') table.set(key, changedRow(table.get(key), write));
  }
}
