import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeDriver } from '../../../../drivers/sdk/describe.ts';
import { driverDescription } from '../../../../drivers/sdk/wire/description.ts';
import { paper } from '../../../support/paper/driver.ts';

const described = describeDriver({
  ...paper,
  capabilities: ['discovery', 'snapshot'],
  capabilityDefinitions: {
    snapshot: { since: '3.0' },
    'native.folding': { limits: z.object({ folds: z.int() }) },
    'native.ink': { since: '4.0' },
  },
});

describe('what a driver tells about itself', () => {
  it('is plain data of the published shape', () => {
    expect(driverDescription.parse(JSON.parse(JSON.stringify(described)))).toMatchObject({ type: 'paper', plainHttpAllowed: false });
  });

  it('has the property bag as a form: titles, descriptions and defaults', () => {
    expect(described.options).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { shelf: { type: 'integer', title: 'Shelf', description: 'Where the paper lies', default: 1 } },
    });
    expect(described.options['required']).toBeUndefined();
  });

  it('has each capability with the version that has it and the shape of its limits', () => {
    expect(described.capabilityDefinitions).toMatchObject({
      discovery: { limits: { type: 'object' } },
      snapshot: { since: '3.0', limits: { properties: { maxPerTree: { type: 'integer' } } } },
      'native.folding': { limits: { properties: { folds: { type: 'integer' } } } },
      'native.ink': { since: '4.0' },
    });
    expect(Object.keys(described.capabilityDefinitions)).toHaveLength(4);
  });

  it('needs no definitions of its own', () => {
    expect(Object.keys(describeDriver(paper).capabilityDefinitions)).toEqual([...paper.capabilities]);
  });
});
