import type { Row, Write } from '../change.ts';

/** Something that must be true and is not. */
export interface Finding {
  readonly check: Check;
  /** The row or object it is about. */
  readonly subject: string;
  /** For a person, with the figures. */
  readonly says: string;
  /** What sets it right; conditional on what was seen. Absent where only a person can decide. */
  readonly repair?: { readonly does: string; readonly writes: readonly Write[] };
}

export const checks = {
  rows: 'each row can be read',
  operations: 'every operation is carried on or has ended, and its tasks with it',
  locks: 'what is locked belongs to an operation that is open',
  slots: 'a slot of an array is held by a call that is under way',
  capacity: 'the books of each pool are the sum of its volumes',
  quotas: 'the counter of each quota is the sum of its volumes',
  listings: 'each resource is in every list where it belongs, and in no other',
  natives: 'each volume on an array is known by its native id, and each known id is a volume',
  exports: 'each mapping that a group wants has its row, and each row a group that wants it',
  tombstones: 'what a failed creation left is not that of a volume on record',
  references: 'what a volume or an export group belongs to was not removed',
  arrays: 'each volume is on its array as recorded, and what bears our mark there is recorded',
} as const;
export type Check = keyof typeof checks;

/** All rows of the tables that hold the present, read one after the other while work goes on. */
export interface StoreRows {
  readonly inventory: readonly Row[];
  readonly tasks: readonly Row[];
  readonly coordination: readonly Row[];
}

export const sameFinding = (a: Finding, b: Finding): boolean => a.check === b.check && a.subject === b.subject && a.says === b.says;
