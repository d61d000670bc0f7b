import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import { refuse } from './errors.ts';
import type { User } from './model.ts';

const lifeMs = 8 * 3600 * 1000;
const idleMs = 10 * 60 * 1000;
const mostSessions = 128;

interface Session {
  userId: string;
  openedAtMs: number;
  usedAtMs: number;
}

/** Sessions live 8 hours from login, or 10 minutes without a call; 128 at once. */
export class Sessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Session>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open({ id, name }: Pick<User, 'id' | 'name'>): string {
    this.#forgetExpired();
    if (this.#sessions.size >= mostSessions) throw refuse('TOO_MANY_SESSIONS');
    const nowMs = this.#clock.nowMs();
    const token = Buffer.from(`${name}:${nowMs}:${randomBytes(16).toString('hex')}`)
      .toString('base64')
      .replace(/=+$/, '');
    this.#sessions.set(token, { userId: id, openedAtMs: nowMs, usedAtMs: nowMs });
    return token;
  }

  /** Whose session it is, if it is open. Counts as activity. */
  userIdOf(token: string): string | undefined {
    this.#forgetExpired();
    const session = this.#sessions.get(token);
    if (session !== undefined) session.usedAtMs = this.#clock.nowMs();
    return session?.userId;
  }

  close(token: string): void {
    this.#sessions.delete(token);
  }

  expireAll(): void {
    this.#sessions.clear();
  }

  get count(): number {
    this.#forgetExpired();
    return this.#sessions.size;
  }

  #forgetExpired(): void {
    const nowMs = this.#clock.nowMs();
    for (const [token, session] of this.#sessions) {
      if (nowMs - session.openedAtMs >= lifeMs || nowMs - session.usedAtMs >= idleMs) this.#sessions.delete(token);
    }
  }
}
