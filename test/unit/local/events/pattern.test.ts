import { describe, expect, it } from 'vitest';
import { patternOf } from '../../../../local/events/pattern.ts';

const event = {
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { status: 'FAILED', tags: ['a', 'b'], count: 3 },
};

describe('event patterns', () => {
  it.each([
    ['one of the values', { source: ['aws.ec2', 'aws.states'] }, true],
    ['none of the values', { source: ['aws.ec2'] }, false],
    ['nested fields', { source: ['aws.states'], detail: { status: ['FAILED', 'ABORTED'] } }, true],
    ['one field that does not fit', { source: ['aws.states'], detail: { status: ['ABORTED'] } }, false],
    ['a number', { detail: { count: [3] } }, true],
    ['a value within a list', { detail: { tags: ['b'] } }, true],
    ['a prefix', { detail: { status: [{ prefix: 'FA' }] } }, true],
    ['another prefix', { detail: { status: [{ prefix: 'XX' }] } }, false],
    ['a field that must exist and does', { detail: { status: [{ exists: true }] } }, true],
    ['a field that must not exist and does not', { detail: { error: [{ exists: false }] } }, true],
    ['anything but a value', { detail: { status: [{ 'anything-but': ['SUCCEEDED'] }] } }, true],
    ['anything but the value it has', { detail: { status: [{ 'anything-but': 'FAILED' }] } }, false],
    ['a field of something that is no object', { source: { deeper: ['x'] } }, false],
  ])('with %s', (_, pattern, expected) => {
    expect(patternOf(pattern)(event)).toBe(expected);
  });

  it.each([
    [{ detail: { count: [{ numeric: ['>', 1] }] } }, 'the host does not know {"numeric":[">",1]} in an event pattern'],
    [{ source: 'aws.states' }, 'an event pattern holds lists, not "aws.states"'],
    [{ source: [{ 'anything-but': { prefix: 'x' } }] }, 'anything-but only with plain values'],
  ])('refuse %j', (pattern, message) => {
    expect(() => patternOf(pattern)).toThrow(message);
  });
});
