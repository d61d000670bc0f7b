import { Server } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { installWorkerClock } from '../clock/worker-clock.ts';

/** What the thread is started with. Its answers: `{port}` when it listens, then its end after `stop`. */
const given = z.object({ dataDir: z.string(), region: z.string(), shared: z.instanceof(SharedArrayBuffer).optional() }).parse(workerData);

/** The package listens on all addresses and takes no other wish; in this thread every server is for this machine alone. */
const listenOnLoopback = (): void => {
  const listen = Server.prototype.listen;
  Server.prototype.listen = function onLoopback(this: Server, ...options: unknown[]) {
    const [first, ...rest] = options;
    const pinned = typeof first === 'object' && first !== null ? { ...first, host: '127.0.0.1' } : first;
    return Reflect.apply(listen, this, [pinned, ...rest]);
  };
};

if (given.shared !== undefined) installWorkerClock(given.shared);
listenOnLoopback();
const { startFauxqs } = await import('fauxqs');
const server = await startFauxqs({ port: 0, logger: false, defaultRegion: given.region, dataDir: given.dataDir });
parentPort?.once('message', () => void server.stop().then(() => process.exit(0)));
parentPort?.postMessage({ port: server.port });
