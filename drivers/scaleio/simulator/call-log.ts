import type { CallFacts } from './faults.ts';
import { isJson, type Json } from './json.ts';

export interface LoggedCall {
  sequence: number;
  method: string;
  path: string;
  verb: string;
  body: unknown;
  /** `none`: the call ended before it could change anything. */
  effect: 'done' | 'refused' | 'none';
  /** What the caller got. */
  reply: 'sent' | 'cut' | 'hung' | 'garbage' | 'error';
  errorCode: number | null;
  /** The objects it named or made. */
  ids: string[];
}

const secretKeys = /password|token|secret/i;

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, secretKeys.test(key) ? '***' : withoutSecrets(inner)]));
}

export interface Ended {
  body: Json;
  effect: LoggedCall['effect'];
  reply: LoggedCall['reply'];
  errorCode?: number | undefined;
  ids: readonly string[];
}

/** Counts all calls, and keeps those that change the array in their order. */
export class CallLog {
  #changes: LoggedCall[] = [];
  #counts = new Map<string, number>();
  #logins = 0;

  count(family: string): void {
    if (family === 'login' || family === 'restLogin') this.#logins += 1;
    else this.#counts.set(family, (this.#counts.get(family) ?? 0) + 1);
  }

  record({ method, path, verb }: CallFacts, { body, effect, reply, errorCode = 0, ids }: Ended): void {
    const refused = effect === 'refused' ? errorCode : null;
    const entry = { sequence: this.#changes.length + 1, method, path, verb, body: withoutSecrets(body) };
    this.#changes.push({ ...entry, effect, reply, errorCode: refused, ids: [...ids] });
  }

  changes(): readonly LoggedCall[] {
    return this.#changes;
  }

  counts(): { total: number; logins: number; byFamily: Record<string, number> } {
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const sorted = [...this.#counts].sort(([a], [b]) => a.localeCompare(b));
    return { total, logins: this.#logins, byFamily: Object.fromEntries(sorted) };
  }

  forgetChanges(): void {
    this.#changes = [];
  }

  forgetCounts(): void {
    this.#counts = new Map();
    this.#logins = 0;
  }
}
