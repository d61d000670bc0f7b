import { describe, expect, it } from 'vitest';
import { runBatch } from '../../../../drivers/sdk/batch.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';
import { afterChange, asDriverError, failedItem, toFailure } from '../../../../drivers/sdk/failure.ts';

const limits = { atOnce: 4, startUntil: 100, now: () => 0 };
const items = ['a', 'b', 'c', 'd', 'e', 'f'].map((ref) => ({ ref }));

describe('a batch', () => {
  it('answers for each item in the order asked, whichever ends first', async () => {
    const answer = await runBatch(items, limits, async ({ ref }) => {
      for (let n = 0; n < 102 - ref.charCodeAt(0); n += 1) await Promise.resolve();
      return { nativeId: `native-${ref}`, outcome: 'made' };
    });
    expect(answer.items.map(({ ref, nativeId, status }) => [ref, nativeId, status])).toEqual(
      items.map(({ ref }) => [ref, `native-${ref}`, 'done']),
    );
  });

  it('works on no more items at once than allowed', async () => {
    let now = 0;
    let most = 0;
    await runBatch(items, { ...limits, atOnce: 2 }, async () => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      return {};
    });
    expect(most).toBe(2);
  });

  it('starts nothing when time is up, and says so', async () => {
    let clock = 98;
    const answer = await runBatch(items, { atOnce: 1, startUntil: 100, now: () => clock++ }, async () => ({}));
    expect(answer.items.map(({ status }) => status)).toEqual(['done', 'done', 'inProgress', 'inProgress', 'inProgress', 'inProgress']);
  });

  it('lets an item fail alone', async () => {
    const answer = await runBatch(items.slice(0, 2), limits, async ({ ref }) => {
      if (ref === 'a') throw new DriverError('mapped', { outcome: 'DriverRejected', code: 'object.inUse' });
      return {};
    });
    expect(answer.items).toMatchObject([
      { ref: 'a', status: 'rejected', error: { code: 'object.inUse' } },
      { ref: 'b', status: 'done' },
    ]);
  });

  it('is empty for no items', async () => {
    expect(await runBatch([], limits, async () => ({}))).toEqual({ items: [] });
  });
});

describe('an error', () => {
  it.each([
    ['DriverRejected', 'rejected'],
    ['DriverBusy', 'busy'],
    ['DriverUncertain', 'uncertain'],
    ['DriverUnfinished', 'inProgress'],
  ] as const)('%s becomes an item that is %s', (outcome, status) => {
    expect(failedItem('x', new DriverError('m', { outcome, code: 'array.busy' }))).toMatchObject({
      ref: 'x',
      status,
      error: { name: outcome },
    });
  });

  it('travels without its cause', () => {
    const error = new DriverError('m', { outcome: 'DriverBusy', code: 'array.busy', cause: new Error('inner') });
    expect(JSON.stringify(toFailure(error))).toBe('{"name":"DriverBusy","code":"array.busy","message":"m","facts":{}}');
  });

  it("keeps at most 200 characters of the array's words", () => {
    const error = new DriverError('m', { outcome: 'DriverBusy', code: 'array.busy', nativeMessage: 'x'.repeat(300) });
    expect(error.nativeMessage).toHaveLength(200);
  });

  it('that no driver should throw leaves the effect unknown', () => {
    expect(asDriverError(new TypeError('password=1'))).toMatchObject({
      name: 'DriverUncertain',
      code: 'driver.failed',
      message: 'the driver failed: TypeError',
    });
    expect(asDriverError('text')).toMatchObject({ name: 'DriverUncertain', message: 'the driver failed: string' });
  });

  it('after a change never claims that nothing was changed', async () => {
    const refused = new DriverError('m', { outcome: 'DriverRejected', code: 'object.foreign', nativeCode: '99', facts: { name: 'n' } });
    await expect(afterChange(() => Promise.reject(refused))).rejects.toMatchObject({
      name: 'DriverUncertain',
      code: 'object.foreign',
      nativeCode: '99',
      facts: { name: 'n' },
    });
    await expect(afterChange(async () => 1)).resolves.toBe(1);
  });
});
