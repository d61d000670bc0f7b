import type { Usage } from '../../local/ports.ts';

type Figures<Of> = { readonly [Name in keyof Of]: number };

const each = <Of extends Figures<Of>>(one: Of, other: Of, join: (a: number, b: number) => number): Of => {
  const names = Object.keys(one) as (keyof Of)[];
  return Object.fromEntries(names.map((name) => [name, join(one[name], other[name])])) as Of;
};

/** Figure by figure. */
export const total = <Of extends Figures<Of>>(one: Of, other: Of): Of => each(one, other, (a, b) => a + b);

/** What came between two readings, figure by figure. */
export const difference = <Of extends Figures<Of>>(after: Of, before: Of): Of => each(after, before, (a, b) => a - b);

export const noUsage: Readonly<Usage> = {
  transitions: 0,
  lambdaRuns: 0,
  lambdaMs: 0,
  writeUnits: 0,
  readUnits: 0,
  transactionConflicts: 0,
};
