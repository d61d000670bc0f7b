import { describe, expect, it } from 'vitest';
import { meanings } from '../../../../drivers/scaleio/error-codes.ts';
import { failureOf, isVolumeMissing } from '../../../../drivers/scaleio/failures.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';

const body = (errorCode: number, message = 'words') => JSON.stringify({ message, httpStatusCode: 500, errorCode });
const refusal = (errorCode: number, changes: boolean) => failureOf({ status: 500, body: body(errorCode), changes });

/** The codes that clients of the array have published, each with what it means for the order that met it. */
const published = {
  'object.missing': [3, 78, 79, 80, 84, 88, 90, 142, 171, 174, 185, 265],
  'object.inUse': [81, 82, 83, 86, 104, 143, 176, 180, 196, 297, 298, 315],
  'object.foreign': [99, 103, 141, 173],
  'limit.exceeded': [67, 87, 96, 97, 181, 182, 190, 286, 294],
  'space.exhausted': [191, 300, 314, 337],
  'request.invalid': [133, 183, 197, 198, 225, 226, 227, 330, 718, 4039],
  'array.refused': [166, 322],
  'credentials.refused': [168, 247],
} as const;

const busy = [28, 70, 105, 164, 248, 252, 717];
const underWay = [145, 212];
const failingOver = [32, 68, 69];

describe('what a code of the array means', () => {
  it.each(Object.entries(published).flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)))(
    '%i is a refusal, %s, of a read and of a change',
    (number, code) => {
      for (const changes of [false, true])
        expect(refusal(number, changes)).toMatchObject({ name: 'DriverRejected', code, nativeCode: String(number) });
    },
  );

  it.each(busy)('%i is no refusal: nothing was changed, and it may be tried again', (number) => {
    for (const changes of [false, true]) expect(refusal(number, changes)).toMatchObject({ name: 'DriverBusy', code: 'array.busy' });
  });

  it.each(underWay)('%i goes on inside the array', (number) => {
    for (const changes of [false, true]) expect(refusal(number, changes)).toMatchObject({ name: 'DriverUnfinished', code: 'array.busy' });
  });

  it.each(failingOver)('%i, while the management fails over, leaves the effect of a change unknown', (number) => {
    expect(refusal(number, false)).toMatchObject({ name: 'DriverBusy', code: 'array.busy' });
    expect(refusal(number, true)).toMatchObject({ name: 'DriverUncertain', code: 'array.busy' });
  });

  it('is decided for every code that is in the table, and for no other', () => {
    const tested = [...Object.values(published).flat(), ...busy, ...underWay, ...failingOver].sort((one, other) => one - other);
    expect([...meanings.keys()].sort((one, other) => one - other)).toEqual(tested);
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
