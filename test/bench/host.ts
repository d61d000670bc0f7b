import { createClock } from '../../local/clock/clock.ts';
import { startHost } from '../../local/host.ts';

/** The host in a process of its own, which also tells the operator's key: `node host.ts <assembly> <data folder>`. */
const [assemblyDir = '', dataDir = ''] = process.argv.slice(2);
const host = await startHost({ assemblyDir, dataDir, port: 0, clock: createClock({ mode: 'real' }), logLevel: 'ERROR' });
const { url, controlUrl, rootPassword, endpoints, operatorKey } = host;
process.once('SIGTERM', () => void host.close().then(() => process.exit(0)));
console.log(`HOST ${JSON.stringify({ url, controlUrl, rootPassword, endpoints, operatorKey })}`);
