import { describe, expect, it } from 'vitest';
import { resolutionRefusal } from '../../../../core/operation/resolve.ts';

describe('a resolution that makes no sense', () => {
  it('is refused with what is true of that workflow', () => {
    expect(resolutionRefusal('volume-create', 'discard')).toBeUndefined();
    expect(resolutionRefusal('export-update', 'release')).toContain('was there before and stays on record');
    expect(resolutionRefusal('orphan-delete', 'accept')).toBe('what it removes is on no record; resume looks at the array again');
    expect(resolutionRefusal('discover-provider', 'accept')).toBe('its workflow leaves nothing on the array; resume takes it back');
  });
});
