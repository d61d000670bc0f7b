import { AnswerLost, ServiceError } from '../protocol/service-error.ts';

export interface LostStart {
  times: number;
  /** Whether the answer is lost before or after the execution has started. */
  effect: 'before' | 'after';
}

export interface Throttle {
  times: number;
  /** Operation name; any if absent. */
  operation?: string;
}

/** What a test lets go wrong at the endpoint. */
export class Faults {
  #lost: LostStart = { times: 0, effect: 'before' };
  #throttled: Throttle = { times: 0 };

  /** The next answers of StartExecution do not arrive: the connection closes instead. */
  loseStart(lost: LostStart): void {
    this.#lost = { ...lost };
  }

  /** The next requests are refused with ThrottlingException. */
  throttle(throttled: Throttle): void {
    this.#throttled = { ...throttled };
  }

  /** Answers that are yet to be lost. */
  outstanding(): number {
    return this.#lost.times;
  }

  clear(): void {
    this.#lost.times = 0;
    this.#throttled.times = 0;
  }

  /** Called when a request arrives (`before`) and when its effect is done (`after`). */
  pass(operation: string, moment: 'before' | 'after'): void {
    if (moment === 'before') this.#refuse(operation);
    if (operation !== 'StartExecution' || this.#lost.effect !== moment || this.#lost.times === 0) return;
    this.#lost.times -= 1;
    throw new AnswerLost('the answer is lost on purpose');
  }

  #refuse(operation: string): void {
    const { times, operation: only = operation } = this.#throttled;
    if (times === 0 || only !== operation) return;
    this.#throttled.times -= 1;
    throw new ServiceError('ThrottlingException', 'Rate exceeded');
  }
}
