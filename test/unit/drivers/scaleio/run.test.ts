import { describe, expect, it } from 'vitest';
import { allTogether } from '../../../../drivers/scaleio/run.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';
import { fakeGateway } from '../../../support/fake-gateway.ts';

const items = [{ ref: 'a' }, { ref: 'b' }];
const runUntil = (startUntil: number) => ({
  gateway: fakeGateway({ answer: () => undefined }).gateway,
  limits: { atOnce: 1, startUntil, now: () => 5 },
});

describe('items that are one effect', () => {
  it('are done together, each under its own ref', async () => {
    const answer = await allTogether(runUntil(10), items, async () => [{ outcome: 'made', nativeId: '1' }, { outcome: 'made' }]);
    expect(answer.items).toEqual([
      { ref: 'a', status: 'done', outcome: 'made', nativeId: '1' },
      { ref: 'b', status: 'done', outcome: 'made' },
    ]);
  });

  it('fail together', async () => {
    const failing = async () => {
      throw new DriverError('no', { outcome: 'DriverRejected', code: 'object.foreign' });
    };
    const { items: answers } = await allTogether(runUntil(10), items, failing);
    expect(answers).toMatchObject([
      { ref: 'a', status: 'rejected' },
      { ref: 'b', status: 'rejected' },
    ]);
  });

  it('do not begin when time is nearly up', async () => {
    let begun = false;
    const { items: answers } = await allTogether(runUntil(5), items, async () => {
      begun = true;
      return [];
    });
    expect(begun).toBe(false);
    expect(answers.map(({ status }) => status)).toEqual(['inProgress', 'inProgress']);
  });
});
