import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeUrn } from '../../../../core/urn.ts';
import { nativeNameOf, volumeIdIn, volumeIdOfName } from '../../../../core/volume/native-name.ts';

const mark = { prefix: 'p', mark: 'abc123' };

describe('names on the array', () => {
  it('say which volume they stand for, in 30 letters, digits and one hyphen', () => {
    void fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const id = makeUrn('Volume', uuid);
        const name = nativeNameOf(mark, id);
        expect(name).toMatch(/^pabc123-[0-9A-Za-z]{22}$/);
        expect(volumeIdOfName(mark, name)).toBe(id);
      }),
    );
  });

  it.each([
    ['of another installation', 'pxyz789-0000000000000000000001'],
    ['of another shape', 'pabc123-short'],
    ['beyond what a uuid can be', 'pabc123-zzzzzzzzzzzzzzzzzzzzzz'],
    ['that is empty', ''],
  ])('are not read out of a name %s', (_, name) => {
    expect(volumeIdOfName(mark, name)).toBeUndefined();
  });

  it('that can be none of ours are refused where a plan has them', () => {
    expect(() => volumeIdIn('pabc123-zzzzzzzzzzzzzzzzzzzzzz')).toThrow('is no name of a volume of ours');
  });

  it('are not made of what is no id', () => {
    expect(() => nativeNameOf(mark, 'nonsense')).toThrow();
  });
});
