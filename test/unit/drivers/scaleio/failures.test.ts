import { describe, expect, it } from 'vitest';
import { failureOf, isVolumeMissing } from '../../../../drivers/scaleio/failures.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';

const body = (errorCode: number, message = 'words') => JSON.stringify({ message, httpStatusCode: 500, errorCode });
const refusal = (errorCode: number, changes: boolean) => failureOf({ status: 500, body: body(errorCode), changes });

describe('what a code of the array means', () => {
  it.each([
    [79, 'DriverRejected', 'object.missing'],
    [78, 'DriverRejected', 'object.missing'],
    [3, 'DriverRejected', 'object.missing'],
    [99, 'DriverRejected', 'object.foreign'],
    [104, 'DriverRejected', 'object.inUse'],
    [133, 'DriverRejected', 'request.invalid'],
    [182, 'DriverRejected', 'limit.exceeded'],
    [300, 'DriverRejected', 'space.exhausted'],
    [314, 'DriverRejected', 'space.exhausted'],
    [297, 'DriverRejected', 'object.inUse'],
    [315, 'DriverRejected', 'object.inUse'],
    [252, 'DriverBusy', 'array.busy'],
    [164, 'DriverBusy', 'array.busy'],
    [212, 'DriverUnfinished', 'array.busy'],
  ] as const)('%i is %s %s, read or change', (code, name, contractCode) => {
    for (const changes of [false, true])
      expect(refusal(code, changes)).toMatchObject({ name, code: contractCode, nativeCode: String(code) });
  });

  it('that the array cannot be talked to leaves the effect of a change unknown', () => {
    expect(refusal(69, false).name).toBe('DriverBusy');
    expect(refusal(69, true).name).toBe('DriverUncertain');
  });

  it('that nobody published leaves the effect of a change unknown, and refuses a read', () => {
    expect(refusal(9999, true)).toMatchObject({ name: 'DriverUncertain', code: 'array.refused', nativeCode: '9999' });
    expect(refusal(9999, false)).toMatchObject({ name: 'DriverRejected', code: 'array.refused' });
  });

  it('is found in the details when the answer has it there', () => {
    const details = JSON.stringify({
      message: 'Error with details',
      errorCode: 0,
      details: [{ error: 'TOO_MANY_SNAPS_IN_VTREE', rc: 182 }],
    });
    expect(failureOf({ status: 500, body: details, changes: true })).toMatchObject({ code: 'limit.exceeded', nativeCode: '182' });
  });

  it('is decided by number alone: no words change it', () => {
    const misleading = failureOf({ status: 500, body: body(104, 'Could not find the volume'), changes: true });
    expect(misleading).toMatchObject({ code: 'object.inUse', nativeMessage: 'Could not find the volume' });
    expect(isVolumeMissing(misleading)).toBe(false);
  });

  it.each([
    [502, '<html>bad gateway</html>', false, 'DriverBusy', 'array.answerUnreadable'],
    [502, '<html>bad gateway</html>', true, 'DriverUncertain', 'array.answerUnreadable'],
    [503, '', false, 'DriverBusy', 'array.answerUnreadable'],
    [429, '{}', false, 'DriverBusy', 'array.answerUnreadable'],
    [400, '{"message":"must be a hexadecimal number","errorCode":0}', true, 'DriverRejected', 'request.invalid'],
    [404, 'not found', true, 'DriverRejected', 'request.invalid'],
  ] as const)('without a code: status %i, body %o, change %o is %s', (...[status, text, changes, name, code]) => {
    expect(failureOf({ status, body: text, changes })).toMatchObject({ name, code, nativeCode: `http-${status}` });
  });

  it.each([3, 78, 79])('%i means that the volume is not there', (code) => {
    expect(isVolumeMissing(refusal(code, false))).toBe(true);
  });

  it('is no matter of other errors', () => {
    expect(isVolumeMissing(new Error('79'))).toBe(false);
    expect(isVolumeMissing(new DriverError('m', { outcome: 'DriverRejected', code: 'object.missing' }))).toBe(false);
  });
});
