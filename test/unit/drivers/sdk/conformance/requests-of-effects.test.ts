import { describe, expect, it } from 'vitest';
import { matcherOf, requestsOfEffects } from '../../../../../drivers/sdk/conformance/requests-of-effects.ts';

describe('the requests that have an effect', () => {
  it('are told by method and path', () => {
    const matches = matcherOf(requestsOfEffects.parse({ remove: { method: 'DELETE', path: '^/volumes/\\d+$' } }), 'remove');
    expect(matches?.({ method: 'DELETE', path: '/volumes/7' })).toBe(true);
    expect(matches?.({ method: 'GET', path: '/volumes/7' })).toBe(false);
    expect(matches?.({ method: 'DELETE', path: '/volumes/7/mappings' })).toBe(false);
  });

  it.each([
    [{ destroy: { method: 'POST', path: '/' } }],
    [{ create: { method: 'POST' } }],
    [{ create: { method: '', path: '/' } }],
    [{ create: { method: 'POST', path: '(' } }],
  ])('%j are refused', (wrong) => {
    expect(requestsOfEffects.safeParse(wrong).success).toBe(false);
  });
});
