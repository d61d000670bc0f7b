import { ControlPlaneError } from '../../core/errors.ts';
import { sealNext } from '../../core/history/seal-next.ts';
import type { EventPorts } from './ports.ts';

/** After an outage the rest is left to the next ticks. */
const mostAtOnce = 20;

/** Seals what is due of the history. The hashes go to the log, so that not even who can write the table can renew the seals unseen. */
export const sealHistory = async ({ rows, clock, log }: Pick<EventPorts, 'rows' | 'clock' | 'log'>): Promise<void> => {
  try {
    for (let n = 0; n < mostAtOnce; n += 1) {
      const seal = await sealNext(rows, clock.now());
      if (!seal) return;
      const { from, to, count, hash } = seal;
      log.info('history was sealed', { from, to, count, hash });
    }
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === 'resource.changed') return;
    log.error('history could not be sealed; it is tried again at the next tick', { error });
  }
};
