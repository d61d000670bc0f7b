import type { Rows } from '../../core/ports.ts';

/** At which transaction a process dies: before it takes effect, or after that, when its answer is on the way. */
export interface Death {
  readonly at: number;
  readonly when: 'before' | 'after';
}

export const died = new Error('the process died');

/** The store as one process sees it that dies at a transaction: from then on nothing that it asks for happens. */
export const mortalRows = (rows: Rows, death: Death | undefined): Rows & { readonly isDead: () => boolean } => {
  let transactions = 0;
  let isDead = false;
  const alive = <T>(ask: () => Promise<T>): Promise<T> => (isDead ? Promise.reject(died) : ask());
  return {
    isDead: () => isDead,
    get: (table, key) => alive(() => rows.get(table, key)),
    getMany: (table, keys) => alive(() => rows.getMany(table, keys)),
    query: (page) => alive(() => rows.query(page)),
    transact: (writes) =>
      alive(async () => {
        transactions += 1;
        isDead = transactions === death?.at;
        if (!isDead || death?.when === 'after') await rows.transact(writes);
        if (isDead) throw died;
      }),
  };
};

/** Before and after each of so many transactions. */
export const deaths = (transactions: number): Death[] =>
  Array.from({ length: transactions }, (_, n) => [{ at: n + 1, when: 'before' } as const, { at: n + 1, when: 'after' } as const]).flat();
