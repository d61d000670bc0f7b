import { createHash } from 'node:crypto';
import type { Clock } from '../ports.ts';
import { failure } from './failures.ts';
import type { BatchOperation } from './model.ts';
import type { Store } from './store.ts';

const PREFIX = 'token~';
const VALID_MS = 10 * 60 * 1000;

interface Used {
  digest: string;
  at: number;
}

export const digestOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64');

/** Client request tokens of the transactions of the last ten minutes; stored in the same batch as the transaction itself. */
export class Tokens {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #used = new Map<string, Used>();
  readonly #running = new Map<string, string>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    const found = (await this.#store.entries(PREFIX)).map(([key, value]): [string, Used] => [key.slice(PREFIX.length), value as Used]);
    for (const [token, used] of found.sort((one, other) => one[1].at - other[1].at)) this.#used.set(token, used);
  }

  /** Runs the transaction unless it was done before; `record` is to be stored together with its writes. */
  async once<T>(
    call: { token: string; digest: string },
    run: { first: (record: BatchOperation[]) => Promise<T>; again: () => Promise<T> },
  ) {
    const { token, digest } = call;
    const known = this.#digestOf(token);
    if (known !== undefined && known !== digest)
      throw failure('IdempotentParameterMismatchException', 'Request parameters do not match those of an earlier request with this token');
    if (this.#running.has(token))
      throw failure('TransactionInProgressException', 'The transaction with the given request token is already in progress');
    if (known !== undefined) return run.again();
    return this.#first(call, run.first);
  }

  #digestOf(token: string): string | undefined {
    const used = this.#used.get(token);
    if (used !== undefined && used.at + VALID_MS > this.#clock.now()) return used.digest;
    return this.#running.get(token);
  }

  async #first<T>({ token, digest }: { token: string; digest: string }, run: (record: BatchOperation[]) => Promise<T>): Promise<T> {
    const used = { digest, at: this.#clock.now() };
    this.#running.set(token, digest);
    try {
      const result = await run([...this.#expired(), { type: 'put', key: PREFIX + token, value: used }]);
      this.#used.delete(token);
      this.#used.set(token, used);
      return result;
    } finally {
      this.#running.delete(token);
    }
  }

  #expired(): BatchOperation[] {
    const operations: BatchOperation[] = [];
    for (const [token, used] of this.#used) {
      if (used.at + VALID_MS > this.#clock.now()) break;
      this.#used.delete(token);
      operations.push({ type: 'del', key: PREFIX + token });
    }
    return operations;
  }
}
