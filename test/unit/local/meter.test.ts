import { describe, expect, it } from 'vitest';
import { createMeter } from '../../../local/meter.ts';

describe('the meter', () => {
  it('adds up for each function, whether it is known by its name or its access key', () => {
    const meter = createMeter();
    meter.add('api', { lambdaRuns: 1, lambdaMs: 5 });
    meter.add('AKIALOCAL-api', { writeUnits: 2 });
    meter.add('AKIALOCAL-api', { writeUnits: 3, readUnits: 0.5 });
    expect(meter.snapshot()).toEqual({
      api: { readUnits: 0.5, writeUnits: 5, transactionConflicts: 0, lambdaRuns: 1, lambdaMs: 5, transitions: 0 },
    });
  });
});
