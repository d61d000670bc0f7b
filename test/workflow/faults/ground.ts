import type { Estate } from '../../support/estate.ts';
import type { Reply } from '../../support/live.ts';
import type { ArrayUnderTest } from './array.ts';
import type { Stored } from './stored.ts';

/** The product before one array as far as an order needs it, in this process or in one of its own. */
export interface Ground {
  readonly array: ArrayUnderTest;
  readonly estate: Estate;
  readonly stored: Stored;
  /** As root, with a token that lives; must be answered with a status of success. */
  ask(method: string, path: string, body?: unknown): Promise<Reply['body']>;
  /** As `ask`, but any answer will do. */
  send(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Lets the clock skip idle time until it is so; fails after 60 s of real time. */
  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>;
  /** As `until`, but it looks before each time that the clock skips, so that no moment is passed over. */
  soon<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>;
  advance(ms: number): Promise<void>;
  /** What comes every minute comes now. */
  tick(): Promise<void>;
  /** The host's time, in epoch milliseconds. */
  now(): number;
}
