import { DriverError, type DriverOutcome } from './errors.ts';
import type { BatchAnswer, ItemAnswer } from './verbs.ts';

type Failing = Exclude<ItemAnswer<unknown>['status'], 'done'>;

const outcomes: { readonly [S in Failing]: DriverOutcome } = {
  rejected: 'DriverRejected',
  uncertain: 'DriverUncertain',
  busy: 'DriverBusy',
  inProgress: 'DriverUnfinished',
};

const order = {
  'all-or-nothing': ['rejected', 'uncertain', 'busy', 'inProgress'],
  report: ['uncertain', 'busy', 'inProgress'],
} as const;

/** Compact JSON of at most three items, at most 200 characters of text each. */
const describe = (items: readonly ItemAnswer<unknown>[]): string =>
  JSON.stringify(
    items.slice(0, 3).map(({ ref, status, error }) => ({
      ref,
      status,
      code: error?.code,
      nativeCode: error?.nativeCode,
      text: error?.message.slice(0, 200),
    })),
  );

const verdict = (status: Failing, items: readonly ItemAnswer<unknown>[]): DriverError => {
  const failing = items.filter((item) => item.status === status);
  const error = failing[0]?.error;
  return new DriverError(describe(failing), {
    outcome: outcomes[status],
    code: (error?.code ?? (status === 'inProgress' ? 'time.exhausted' : 'array.refused')) as DriverError['code'],
    nativeCode: error?.nativeCode,
    nativeMessage: error?.nativeMessage,
    facts: error?.facts,
  });
};

/**
 * Turns a batch's answer into one verdict: the items, or a `DriverError`.
 * `all-or-nothing`: one rejected item ends it; then uncertain, busy, unfinished ones in that order.
 * `report`: whatever may still change by calling again is thrown first; once only rejections remain the items are returned.
 */
export const settle = <Observed>(answer: BatchAnswer<Observed>, some: 'all-or-nothing' | 'report'): readonly ItemAnswer<Observed>[] => {
  const { items, operation } = answer;
  const worst = order[some].find((status) => items.some((item) => item.status === status));
  if (worst !== undefined) throw verdict(worst, items);
  if (operation !== undefined) throw verdict('inProgress', items);
  return items;
};
