import type { ErrorCode } from './errors.ts';

/** A change of the store as data: what `Rows.transact` does in one transaction. */

export type TableName = 'Inventory' | 'Tasks' | 'Coordination' | 'Identity' | 'History';

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value | undefined };

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface Row extends Key {
  readonly [attribute: string]: Value | undefined;
}

export type Condition =
  | { readonly attribute: string; readonly is: 'absent' | 'present' }
  | { readonly attribute: string; readonly is: '=' | '<>' | '<=' | '>='; readonly value: string | number | boolean };

/** What a failed condition means to the caller. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

interface Guarded {
  readonly table: TableName;
  readonly when?: readonly Condition[];
  /** Without it a failed condition is `resource.changed`. */
  readonly otherwise?: Refusal;
}

export interface Put extends Guarded {
  readonly do: 'put';
  readonly row: Row;
}

export interface Update extends Guarded {
  readonly do: 'update';
  readonly key: Key;
  readonly set?: Readonly<Record<string, Value | undefined>>;
  readonly remove?: readonly string[];
  readonly add?: Readonly<Record<string, number>>;
}

export interface Delete extends Guarded {
  readonly do: 'delete';
  readonly key: Key;
}

export interface Check extends Guarded {
  readonly do: 'check';
  readonly key: Key;
  readonly when: readonly Condition[];
}

export type Write = Put | Update | Delete | Check;

export const absent: readonly Condition[] = [{ attribute: 'pk', is: 'absent' }];
export const present: readonly Condition[] = [{ attribute: 'pk', is: 'present' }];
