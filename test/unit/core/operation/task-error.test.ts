import { describe, expect, it } from 'vitest';
import { failedTask, rejectedTask } from '../../../../core/operation/task-error.ts';

describe('why a task failed', () => {
  it.each([
    ['Cancelled', 'operation.cancelled'],
    ['resource.busy', 'resource.busy'],
    ['object.foreign', 'array.rejected'],
    ['native.9', 'array.rejected'],
    ['Abandoned', 'operation.failed'],
  ])('a failure %s is shown as %s', (code, shown) => {
    expect(failedTask('v', { code, message: 'because' }, 'failed').error).toEqual({ code: shown, details: 'because' });
  });

  it('is the message when nothing else is known', () => {
    expect(failedTask('v', undefined, 'failed').error).toEqual({ code: 'operation.failed', details: 'failed' });
    expect(rejectedTask('v', undefined, 'failed').error?.details).toBe('the array did not answer for it');
  });
});
