import { resolve } from 'node:path';
import { createClock } from '../../local/clock/clock.ts';
import { startHost } from '../../local/host.ts';
import { optionsOf } from '../../local/options.ts';
import { assemblyOf } from '../../local/synthesis.ts';
import { type DemoHost, totalUsage } from './host.ts';

/** The same host on an accelerated clock, in the process of the demo. */
export interface FastHost extends DemoHost {
  /** Epoch milliseconds by its clock. */
  now(): number;
  /** While this works, time in which the host has nothing to do is skipped; otherwise its clock goes like any other. */
  skipping<T>(work: () => Promise<T>): Promise<T>;
}

const cacheDir = resolve('.cache', 'assemblies');

/** On the data that another host has left, of the same application. */
export const startFastHost = async (dataDir: string): Promise<FastHost> => {
  const { stage, arrayCidrs } = optionsOf([]);
  const assemblyDir = await assemblyOf({ context: { stage, arrayCidrs }, cacheDir, onSynthesis: () => undefined });
  const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: true });
  let goOn = clock.busy();
  const host = await startHost({ assemblyDir, dataDir, port: 0, clock });
  return {
    url: host.url,
    close: host.close,
    usage: async () => totalUsage(host.meter.snapshot()),
    now: () => clock.now(),
    skipping: async (work) => {
      goOn();
      try {
        return await work();
      } finally {
        goOn = clock.busy();
      }
    },
  };
};
