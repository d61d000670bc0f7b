import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newMemory, readMemory, writeMemory } from '../../../../drivers/scaleio/event-memory.ts';

const arrayId = '00000000000000ab';

describe('what a cursor of events remembers', () => {
  it('is what was not well, which alerts are on, and how far it came', () => {
    const memory = {
      ...newMemory(),
      ...{ origin: '2026-01-01T00:00:00.000Z', turn: 3 },
      unwell: new Map([
        ['port 1', 'offline' as const],
        ['pool 2', 'degraded' as const],
      ]),
      alerts: new Set(['a']),
    };
    expect(readMemory(writeMemory(memory, arrayId), arrayId)).toEqual({ memory, gap: false });
  });

  it('fits a cursor for the largest array with everything away', () => {
    const unwell = new Map(Array.from({ length: 2600 }, () => [`host ${randomBytes(8).toString('hex')}`, 'offline' as const]));
    const cursor = writeMemory({ ...newMemory(), unwell }, arrayId);
    expect(cursor.length).toBeLessThanOrEqual(65_536);
    expect(readMemory(cursor, arrayId).memory.unwell.size).toBe(2600);
  });

  it('is given up as a whole when it does not fit, which the next call tells', () => {
    const alerts = new Set(Array.from({ length: 5000 }, () => randomUUID()));
    const cursor = writeMemory({ ...newMemory(), turn: 4, alerts }, arrayId);
    expect(cursor.length).toBeLessThan(1000);
    expect(readMemory(cursor, arrayId)).toMatchObject({ gap: true, memory: { turn: 4, alerts: new Set() } });
  });

  it('is refused when it is not ours, or of another array', () => {
    for (const cursor of ['made-up', 'AAAA', writeMemory(newMemory(), 'another')]) {
      expect(() => readMemory(cursor, arrayId)).toThrow(expect.objectContaining({ code: 'request.invalid' }));
    }
  });
});
