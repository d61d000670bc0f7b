import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readAnswer, requireDone } from '../../../../drivers/scaleio/answer.ts';

const answer = (body: string, status = 200) => ({ status, contentType: 'application/json', body });
const schema = z.object({ id: z.string() });

describe('an answer of the gateway', () => {
  it('is read in the shape asked for, whatever else it holds', () => {
    expect(readAnswer(answer('{"id":"x","added":1}'), schema)).toEqual({ id: 'x' });
  });

  it('of another shape refuses a read for good, and leaves a change open; the place is named, not the content', () => {
    const read = () => readAnswer(answer('{"id":12345}'), schema);
    expect(read).toThrow(expect.objectContaining({ name: 'DriverRejected', code: 'array.answerUnreadable' }));
    expect(read).toThrow(/"id"/);
    expect(read).not.toThrow(/12345/);
    expect(() => readAnswer(answer('{}'), schema, true)).toThrow(expect.objectContaining({ name: 'DriverUncertain' }));
  });

  it('to an action may be empty', () => {
    for (const body of ['', ' \n', '{}']) expect(() => requireDone(answer(body))).not.toThrow();
  });

  it('to an action that is no JSON leaves it open', () => {
    expect(() => requireDone(answer('<html>'))).toThrow(expect.objectContaining({ name: 'DriverUncertain' }));
  });
});
