import { describe, expect, it } from 'vitest';
import type { DriverError, DriverFailure, DriverOutcome } from '../../../../drivers/sdk/errors.ts';
import { settle } from '../../../../drivers/sdk/settle.ts';
import type { BatchAnswer, ItemAnswer } from '../../../../drivers/sdk/verbs.ts';

const failure = (name: DriverOutcome, message = 'why'): DriverFailure => ({
  name,
  code: 'object.inUse',
  message,
  nativeCode: '104',
  nativeMessage: 'mapped',
  facts: { volume: 'v1' },
});

const done = (ref: string): ItemAnswer<never> => ({ ref, status: 'done', outcome: 'made' });
const rejected = (ref: string, message?: string): ItemAnswer<never> => ({
  ref,
  status: 'rejected',
  error: failure('DriverRejected', message),
});
const uncertain = (ref: string): ItemAnswer<never> => ({ ref, status: 'uncertain', error: failure('DriverUncertain') });
const busy = (ref: string): ItemAnswer<never> => ({ ref, status: 'busy', error: failure('DriverBusy') });
const inProgress = (ref: string): ItemAnswer<never> => ({ ref, status: 'inProgress' });

const verdict = (answer: BatchAnswer<never>, some: 'all-or-nothing' | 'report'): DriverError => {
  try {
    settle(answer, some);
  } catch (error) {
    return error as DriverError;
  }
  throw new Error('it settled');
};

describe('the verdict on a batch', () => {
  it.each(['all-or-nothing', 'report'] as const)('is the items when all are done (%s)', (some) => {
    const items = [done('a'), done('b')];
    expect(settle({ items }, some)).toEqual(items);
  });

  it.each([
    [[done('a'), inProgress('b'), busy('c'), uncertain('d'), rejected('e')], 'DriverRejected'],
    [[done('a'), inProgress('b'), busy('c'), uncertain('d')], 'DriverUncertain'],
    [[done('a'), inProgress('b'), busy('c')], 'DriverBusy'],
    [[done('a'), inProgress('b')], 'DriverUnfinished'],
  ] as const)('takes the item that ends a batch of all or nothing', (items, name) => {
    expect(verdict({ items }, 'all-or-nothing').name).toBe(name);
  });

  it.each([
    [[rejected('e'), inProgress('b'), busy('c'), uncertain('d')], 'DriverUncertain'],
    [[rejected('e'), inProgress('b'), busy('c')], 'DriverBusy'],
    [[rejected('e'), inProgress('b')], 'DriverUnfinished'],
  ] as const)('goes on, where items are reported one by one, while anything may still change', (items, name) => {
    expect(verdict({ items }, 'report').name).toBe(name);
  });

  it('reports the items when only rejections remain', () => {
    const items = [done('a'), rejected('b')];
    expect(settle({ items }, 'report')).toEqual(items);
  });

  it('is unfinished while a job goes on inside the array', () => {
    const operation = { handle: 'h', percent: 10, retryAfterSeconds: 5, cancellable: false };
    expect(verdict({ items: [done('a')], operation }, 'report')).toMatchObject({ name: 'DriverUnfinished', code: 'time.exhausted' });
  });

  it('carries what the first failing item said', () => {
    const error = verdict({ items: [done('a'), rejected('b')] }, 'all-or-nothing');
    expect(error).toMatchObject({ code: 'object.inUse', nativeCode: '104', nativeMessage: 'mapped', facts: { volume: 'v1' } });
  });

  it('has a code even for an item that gives none', () => {
    expect(verdict({ items: [{ ref: 'a', status: 'rejected' }] }, 'all-or-nothing').code).toBe('array.refused');
    expect(verdict({ items: [inProgress('a')] }, 'all-or-nothing').code).toBe('time.exhausted');
  });

  it('tells of at most three items, at most 200 characters each, as JSON whatever they hold', () => {
    const nasty = `"\n\u0000\ud800${'x'.repeat(500)}`;
    const items = ['a', 'b', 'c', 'd'].map((ref) => rejected(ref, nasty));
    const told = JSON.parse(verdict({ items }, 'all-or-nothing').message) as { ref: string; text: string }[];
    expect(told.map(({ ref }) => ref)).toEqual(['a', 'b', 'c']);
    for (const { text } of told) expect(text.length).toBeLessThanOrEqual(200);
  });
});
