import { ControlPlaneError } from '../../core/errors.ts';

/** Others want the same items, or the store has no room just now; the same request may be sent again. */
export class Contention extends Error {
  override readonly name = 'Contention';
}

const firstDelayMs = 20;
const longestDelayMs = 320;
const patienceMs = 1500;

export interface RetryOptions {
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** The store did not answer: what was asked may have been done. The same request may be sent again under the same token. */
export class Unanswered extends Contention {}

const gaveUp = (error: Contention): ControlPlaneError => {
  const text =
    error instanceof Unanswered
      ? 'the store did not answer; the request may have taken effect: look before sending it again, or send it with an Idempotency-Key'
      : 'the store is busy with other requests for the same things; try again';
  return new ControlPlaneError(text, { code: 'service.busy', cause: error });
};

/** Retries contention with full jitter for up to 1.5 s, the client's own attempts included, then `service.busy`. */
export const retryContention = async <T>(options: RetryOptions, attempt: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  let waitedMs = 0;
  for (let ceiling = firstDelayMs; ; ceiling = Math.min(ceiling * 2, longestDelayMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Contention)) throw error;
      if (Math.max(waitedMs, performance.now() - startedAt) >= patienceMs) throw gaveUp(error);
      const delay = Math.ceil(options.random() * ceiling);
      waitedMs += delay + firstDelayMs / 2;
      await options.sleep(delay);
    }
  }
};
