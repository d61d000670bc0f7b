import { describe, expect, it } from 'vitest';
import { numberOf, selectStatistics, windowOf } from '../../../../drivers/scaleio/select-statistics.ts';
import { arrayRefuses, fakeGateway } from '../../../support/fake-gateway.ts';

const id = '00000000000000a1';

/** A release that has some properties and refuses a call with any other. */
const release = (known: readonly string[]) => {
  const asked: (readonly string[])[] = [];
  const fake = fakeGateway({
    answer: (_path, body) => {
      const { properties } = body as { properties: readonly string[] };
      asked.push(properties);
      if (properties.some((property) => !known.includes(property))) throw arrayRefuses();
      return { [id]: Object.fromEntries(properties.map((property, index) => [property, index + 1])) };
    },
  });
  return { ...fake, asked };
};

describe('statistics of all objects of a type', () => {
  it('are one call where the release has all properties', async () => {
    const { gateway, calls } = release(['a', 'b']);
    expect((await selectStatistics(gateway, 'Volume', ['a', 'b'])).get(id)).toEqual({ a: 1, b: 2 });
    expect(calls).toEqual(['/api/types/Volume/instances/action/querySelectedStatistics']);
  });

  it('leave out what the release lacks, and are one call from then on', async () => {
    const { gateway, asked } = release(['a', 'b', 'd', 'e']);
    const wanted = ['a', 'b', 'c', 'd', 'e'];
    expect(Object.keys((await selectStatistics(gateway, 'Volume', wanted)).get(id) ?? {})).toEqual(['a', 'b', 'd', 'e']);
    asked.length = 0;
    await selectStatistics(gateway, 'Volume', wanted);
    expect(asked).toEqual([['a', 'b', 'd', 'e']]);
  });

  it('are nothing where the release has none of them, and not asked for again', async () => {
    const { gateway, asked } = release([]);
    expect(await selectStatistics(gateway, 'Sds', ['a', 'b'])).toEqual(new Map());
    asked.length = 0;
    expect(await selectStatistics(gateway, 'Sds', ['a', 'b'])).toEqual(new Map());
    expect(asked).toEqual([]);
  });

  it('that the account may not read are no lacking property', async () => {
    const { gateway } = fakeGateway({
      answer: () => {
        throw arrayRefuses('credentials.refused');
      },
    });
    await expect(selectStatistics(gateway, 'Volume', ['a'])).rejects.toMatchObject({ code: 'credentials.refused' });
  });

  it('are read as numbers and windows, and as nothing when they are neither', () => {
    const window = { numSeconds: 5, totalWeightInKb: 40, numOccured: 10 };
    expect(numberOf({ a: 1 }, 'a')).toBe(1);
    expect(numberOf({ a: '1' }, 'a')).toBeUndefined();
    expect(numberOf(undefined, 'a')).toBeUndefined();
    expect(windowOf({ a: window }, 'a')).toEqual(window);
    expect(windowOf({ a: 1 }, 'a')).toBeUndefined();
  });
});
