import { describe, expect, it } from 'vitest';
import { ItemLocks } from '../../../../local/dynamodb/locks.ts';

const gate = () => Promise.withResolvers<void>();

describe('item locks', () => {
  it('let single writes of an item follow one another, also after one that failed', async () => {
    const locks = new ItemLocks();
    const first = gate();
    const order: string[] = [];
    const failing = locks.write('a', async () => {
      await first.promise;
      order.push('first');
      throw new Error('refused');
    });
    const second = locks.write('a', async () => order.push('second'));
    const elsewhere = locks.write('b', async () => order.push('elsewhere'));
    await elsewhere;
    first.resolve();
    await expect(failing).rejects.toThrow('refused');
    await second;
    expect(order).toEqual(['elsewhere', 'first', 'second']);
    expect(locks.beingChanged('a')).toBe(false);
  });

  it('let a transaction wait for writes that came before, and refuse those that come after', async () => {
    const locks = new ItemLocks();
    const writing = gate();
    const order: string[] = [];
    const write = locks.write('a', async () => {
      await writing.promise;
      order.push('write');
    });
    const transaction = locks.transaction(['a', 'b'], async () => order.push('transaction'));
    await expect(locks.write('a', async () => order.push('late'))).rejects.toMatchObject({
      body: { __type: expect.stringContaining('TransactionConflictException') },
    });
    expect(locks.heldByTransaction('b')).toBe(true);
    writing.resolve();
    await Promise.all([write, transaction]);
    expect(order).toEqual(['write', 'transaction']);
    await locks.write('a', async () => order.push('after'));
    expect(order.at(-1)).toBe('after');
  });

  it('are let go when the transaction fails', async () => {
    const locks = new ItemLocks();
    const failing = locks.transaction(['a'], () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(locks.heldByTransaction('a')).toBe(false);
  });
});
