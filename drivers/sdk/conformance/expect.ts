import assert from 'node:assert/strict';
import type { DriverAnswer } from '../driver.ts';
import type { DriverOutcome } from '../errors.ts';
import type { BatchAnswer, ItemAnswer } from '../verbs.ts';

const shown = (value: unknown): string => JSON.stringify(value);

export const isDone = (item: ItemAnswer<unknown>, outcome: 'made' | 'found'): void => {
  assert.equal(item.status, 'done', shown(item));
  assert.equal(item.outcome, outcome, shown(item));
};

export const isRejected = (item: ItemAnswer<unknown>, code: string): void => {
  assert.equal(item.status, 'rejected', shown(item));
  assert.equal(item.error?.code, code, shown(item));
};

/** Nothing is known, or nothing was done: both lead to another call. */
export const isOpen = (item: ItemAnswer<unknown>): void => {
  assert.ok(item.status === 'uncertain' || item.status === 'busy', shown(item));
};

export const failsWith = (answer: DriverAnswer, name: DriverOutcome, code: string): void => {
  assert.equal(answer.error?.name, name, shown(answer));
  assert.equal(answer.error?.code, code, shown(answer));
};

export const changesNothing = ({ gatewayCalls }: DriverAnswer): void => {
  assert.equal(gatewayCalls.change, 0, 'a call that has nothing to do changes nothing');
};

export const itemsOf = (answer: DriverAnswer): readonly ItemAnswer<never>[] => {
  assert.equal(answer.error, undefined, shown(answer.error));
  return (answer.output as BatchAnswer<never>).items;
};
