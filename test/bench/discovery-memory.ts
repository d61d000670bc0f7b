import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Drivers } from '../../core/ports.ts';
import { driver } from '../../drivers/scaleio/driver.ts';
import { scaleio } from '../../drivers/scaleio/index.ts';
import { serveRequest } from '../../drivers/sdk/serve-request.ts';
import { discover } from '../../functions/control/discover.ts';
import { operatorRows } from './store.ts';

/** One discovery by a process that is control function and driver at once; it tells the most memory that it had. */
const { endpoints, operatorKey, providerId } = JSON.parse(process.argv[2] ?? '{}');

const drivers: Drivers = {
  call: (_type, request) =>
    serveRequest(driver, request, {
      credentials: () => Promise.resolve({ username: 'admin', password: 'Secret123!' }),
      now: Date.now,
      allowedCidrs: ['127.0.0.0/8'],
    }),
};

const silent = (): undefined => undefined;
const ports = {
  rows: await operatorRows({ endpoints, operatorKey }),
  ids: { uuid: randomUUID, ulid: () => `${Date.now()}-${randomUUID()}`, secret: randomUUID },
  clock: { now: Date.now },
  log: { info: silent, warn: silent, error: silent },
  drivers,
  declarationOf: () => scaleio,
  count: silent,
  storeName: 'tables',
  deadline: () => Date.now() + 240_000,
  sleep: async (ms: number) => void (await sleep(ms)),
};

const id = randomUUID();
const operation = {
  ...{ id, owner: id, workflow: 'discover-provider', state: 'accepted' as const, repairs: 0, tenantId: 'none' },
  ...{ requestedBy: 'bench', correlationId: 'bench', acceptedAt: new Date().toISOString(), taskIds: [] },
};
await discover(ports, { operation, plan: { providerId, requestedBy: 'operator' }, learned: {} });
console.log(`PEAK ${process.resourceUsage().maxRSS * 1024}`);
setInterval(silent, 60_000);
