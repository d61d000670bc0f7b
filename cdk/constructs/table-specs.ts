/** A global secondary index: keys only, so that it may lag without lying. Its sort attribute ends in the item's id. */
export interface IndexSpec {
  readonly name: string;
  readonly partitionAttribute: string;
  readonly sortAttribute: string;
}

/** A table's name is also its construct's id: changing it replaces the table. */
export type TableName = 'Inventory' | 'Tasks' | 'Coordination' | 'Identity' | 'History';

export interface TableSpec {
  /** Point-in-time recovery; without it the table can be made anew from the others, or ages out. */
  readonly isRecoverable: boolean;
  readonly hasExpiry: boolean;
  readonly indexes: readonly IndexSpec[];
}

export const keyAttributes = { partition: 'pk', sort: 'sk' } as const;
export const expiryAttribute = 'expiresAtEpochSeconds';

export const tableSpecs: Readonly<Record<TableName, TableSpec>> = {
  Inventory: {
    isRecoverable: true,
    hasExpiry: false,
    indexes: [{ name: 'ByDue', partitionAttribute: 'duePk', sortAttribute: 'dueSk' }],
  },
  Tasks: {
    isRecoverable: false,
    hasExpiry: true,
    indexes: [
      { name: 'Open', partitionAttribute: 'openPk', sortAttribute: 'openSk' },
      { name: 'ByTenant', partitionAttribute: 'tenantPk', sortAttribute: 'tenantSk' },
    ],
  },
  Coordination: { isRecoverable: false, hasExpiry: true, indexes: [] },
  Identity: { isRecoverable: true, hasExpiry: true, indexes: [] },
  History: {
    isRecoverable: true,
    hasExpiry: true,
    indexes: [{ name: 'ByDay', partitionAttribute: 'dayPk', sortAttribute: 'daySk' }],
  },
};
