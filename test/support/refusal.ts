import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Live, Reply } from './live.ts';

export interface Refusal {
  readonly status: number;
  /** CoprHD's service code. */
  readonly code: number;
  /** What `details` must name: field, value, advice. */
  readonly details: readonly (string | RegExp)[];
}

/** Of our own code or of a dependency: nothing for a client to see. */
const innards = /\n\s+at |node_modules|\.(ts|cjs|mjs):\d|ZodError|TypeError|undefined|\[object Object\]/;

/** CoprHD's error body, whole, with details that say what is wrong and what would be right. */
export const expectRefusal = ({ status, body, headers }: Reply, refusal: Refusal): void => {
  expect({ status, body }).toEqual({
    status: refusal.status,
    body: {
      code: refusal.code,
      retryable: expect.any(Boolean),
      description: expect.stringMatching(/\S/),
      details: expect.stringMatching(/\S/),
    },
  });
  for (const part of refusal.details) expect(body.details).toMatch(part);
  expect(JSON.stringify(body)).not.toMatch(innards);
  expect(headers.get('content-type')).toBe('application/json');
};

/** What the host and its functions wrote down so far. */
export const logOf = (dataDir: string): string => readFileSync(join(dataDir, 'host.log'), 'utf8');

/** What must stand in no answer and no log. */
export const secretsOf = (live: Live, ...more: readonly string[]): readonly string[] => [
  live.host.rootPassword ?? 'no root password',
  live.token,
  live.host.operatorKey,
  ...more,
];
