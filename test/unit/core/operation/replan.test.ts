import { describe, expect, it } from 'vitest';
import { ControlPlaneError, type ErrorCode } from '../../../../core/errors.ts';
import { replanning } from '../../../../core/operation/replan.ts';

/** Fails with each code in turn, then succeeds with the number of the attempt. */
const failing = (...codes: ErrorCode[]) => {
  const seen: number[] = [];
  const attempt = (before: number): Promise<number> => {
    seen.push(before);
    const code = codes[before];
    return code ? Promise.reject(new ControlPlaneError(code, { code })) : Promise.resolve(before);
  };
  return { seen, attempt };
};

describe('a request that meets another one', () => {
  it('is planned again when what it was planned on has moved, or is wanted by too many', async () => {
    const { seen, attempt } = failing('resource.changed', 'service.busy');
    expect(await replanning(attempt)).toBe(2);
    expect(seen).toEqual([0, 1, 2]);
  });

  it('is told the last failure after three attempts', async () => {
    const { seen, attempt } = failing('resource.changed', 'resource.changed', 'service.busy');
    await expect(replanning(attempt)).rejects.toMatchObject({ code: 'service.busy' });
    expect(seen).toEqual([0, 1, 2]);
  });

  it('is not planned again for what another plan would not mend', async () => {
    const { seen, attempt } = failing('placement.none');
    await expect(replanning(attempt)).rejects.toMatchObject({ code: 'placement.none' });
    expect(seen).toEqual([0]);
  });
});
