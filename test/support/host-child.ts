import { createClock } from '../../local/clock/clock.ts';
import { startHost } from '../../local/host.ts';

/** A host to be killed, on a clock that starts at a given time. Arguments: assembly, data folder, epoch milliseconds. */
const [assemblyDir = '', dataDir = '', startAt = ''] = process.argv.slice(2);

const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false, startAt: Number(startAt) });
const { url, rootPassword, controlUrl, endpoints, operatorKey } = await startHost({
  assemblyDir,
  dataDir,
  port: 0,
  clock,
  logLevel: 'ERROR',
});
process.stdout.write(`${JSON.stringify({ url, rootPassword, controlUrl, endpoints, operatorKey })}\n`);
