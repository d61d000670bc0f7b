import type { HostClock } from '../clock/clock.ts';
import type { Timer } from '../ports.ts';

/** A run: in flight until it ends, but while its thread has nothing to do until a time of the clock. */
export interface Activity {
  /** Epoch milliseconds of the host's clock. */
  restUntil(at: number): void;
  end(): void;
}

export const beginActivity = (clock: HostClock): Activity => {
  let release = clock.busy();
  let waking: Timer | undefined;
  return {
    restUntil: (at) => {
      waking?.cancel();
      waking = clock.after(at - clock.now(), () => {
        release = clock.busy();
      });
      release();
    },
    end: () => {
      waking?.cancel();
      release();
    },
  };
};
