import { describe, expect, it } from 'vitest';
import { type Brake, brakePatch, brakeRefusal } from '../../../../core/operation/brake.ts';

const at = '2026-03-01T12:00:00.000Z';
const before = '2026-02-01T12:00:00.000Z';
const free: Brake = { name: 'north', operations: 'normal' };
const drained: Brake = { name: 'north', operations: 'drain', brakeReason: 'new firmware', brakeSince: before };

describe('setting a brake', () => {
  it('notes why and since when', () => {
    expect(brakePatch(free, { operations: 'frozen', operations_reason: 'restored' }, at)).toEqual({
      operations: 'frozen',
      brakeReason: 'restored',
      brakeSince: at,
    });
  });

  it('again to the same keeps time and reason, unless another reason is given', () => {
    expect(brakePatch(drained, { operations: 'drain' }, at)).toEqual({
      operations: 'drain',
      brakeReason: 'new firmware',
      brakeSince: before,
    });
    expect(brakePatch(drained, { operations_reason: 'still' }, at)).toEqual({
      operations: 'drain',
      brakeReason: 'still',
      brakeSince: before,
    });
  });

  it('to something else begins a new time, and keeps no reason that was given for the old one', () => {
    expect(brakePatch(drained, { operations: 'frozen' }, at)).toEqual({ operations: 'frozen', brakeReason: undefined, brakeSince: at });
  });

  it('to normal takes reason and time away; there is none to give', () => {
    expect(brakePatch(drained, { operations: 'normal' }, at)).toEqual({
      operations: 'normal',
      brakeReason: undefined,
      brakeSince: undefined,
    });
    for (const order of [{ operations: 'normal' as const, operations_reason: 'x' }])
      expect(() => brakePatch(drained, order, at)).toThrow('operations_reason: there is nothing to give a reason for');
    expect(() => brakePatch(free, { operations_reason: 'x' }, at)).toThrow('operations_reason');
  });
});

describe('a brake that is on', () => {
  it.each([
    {
      brakes: [{ operations: 'drain' }, { name: 'north', operations: 'frozen' }],
      code: 'operations.frozen',
      says: 'the storage provider north is set to frozen;',
    },
    {
      brakes: [undefined, free, { operations: 'drain', brakeSince: before }],
      code: 'operations.drain',
      says: `the installation is set to drain since ${before};`,
    },
    { brakes: [drained], code: 'operations.drain', says: `the storage provider north is set to drain since ${before} (new firmware);` },
  ] as const)('refuses with the strongest: $says', ({ brakes, code, says }) => {
    expect(brakeRefusal(brakes)).toMatchObject({ code, message: expect.stringContaining(says) });
  });

  it('is needed to refuse', () => {
    expect(brakeRefusal([undefined, free])).toBeUndefined();
  });
});
