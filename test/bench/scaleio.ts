import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { driver } from '../../drivers/scaleio/driver.ts';
import type { DriverAnswer } from '../../drivers/sdk/driver.ts';
import { serveRequest } from '../../drivers/sdk/serve-request.ts';
import type { StatisticsPage } from '../../drivers/sdk/verbs/observe.ts';
import type { BatchAnswer, InventoryPage } from '../../drivers/sdk/verbs.ts';

/**
 * The ScaleIO driver before a simulated array of 10,000 volumes, 1,000 SDCs and 200 SDSs, which runs in a process of its own so that
 * the memory measured is the driver's. A program of its own: prints `DRIVER` and the figures as JSON.
 */
const counts = 'volumes=10000,sdcs=1000,sds=200';
const credentials = { username: 'admin', password: 'Secret123!' };
const ensures = 200;

interface Array10k {
  child: ChildProcess;
  port: number;
  fingerprint: string;
}

const start = async (): Promise<Array10k> => {
  const { username, password } = credentials;
  const command = ['drivers/scaleio/simulator/main.ts', '--port', '0', '--generate', counts, '--user', username, '--password', password];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const told = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [word = '', value = ''] = line.split(' ');
    told.set(word, value);
    if (word === 'READY') break;
  }
  return { child, port: Number(told.get('READY')), fingerprint: told.get('FINGERPRINT') ?? '' };
};

const serve = async (
  { port, fingerprint }: Array10k,
  request: { verb: string; input: unknown; arrayId?: string },
): Promise<DriverAnswer> => {
  const connection = { endpoints: [{ host: '127.0.0.1', port }], tls: { mode: 'pinned', sha256: [fingerprint] } };
  const raw = { contractVersion: 1, correlationId: 'bench', deadline: Date.now() + 300_000, connection, options: {}, ...request };
  const answer = await serveRequest(driver, raw, { credentials: async () => credentials, now: Date.now, allowedCidrs: ['127.0.0.0/8'] });
  if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error));
  return answer;
};

interface Figures {
  what: string;
  seconds: number;
  calls: number;
  pages: number;
  largestPageBytes: number;
}

type Ask = (verb: string, input: unknown) => Promise<DriverAnswer>;

const walk = async (what: string, ask: Ask, { verb, input }: { verb: string; input: object }): Promise<Figures> => {
  const begunAt = performance.now();
  const figures = { calls: 0, pages: 0, largestPageBytes: 0 };
  let cursor: string | undefined;
  do {
    const { output, gatewayCalls } = await ask(verb, { ...input, ...(cursor === undefined ? {} : { cursor }) });
    const page = output as InventoryPage & StatisticsPage;
    figures.calls += gatewayCalls.read;
    figures.pages += 1;
    figures.largestPageBytes = Math.max(figures.largestPageBytes, Buffer.byteLength(JSON.stringify(page)));
    cursor = page.nextCursor;
    if (cursor === undefined && page.complete === false) throw new Error(`${what}: not complete`);
  } while (cursor !== undefined);
  return { what, seconds: (performance.now() - begunAt) / 1000, ...figures };
};

const intents = (prefix: string, pool: { nativeId: string; systemNativeId: string }) =>
  Array.from({ length: ensures }, (_, index) => ({
    ref: `v${index}`,
    name: `${prefix}${index}`,
    systemNativeId: pool.systemNativeId,
    poolNativeId: pool.nativeId,
    sizeBytes: 8 * 1024 ** 3,
    provisioningType: 'thin',
  }));

const ensure = async (what: string, ask: Ask, batches: readonly (readonly object[])[]): Promise<Figures> => {
  const begunAt = performance.now();
  let calls = 0;
  for (const items of batches) {
    const { output, gatewayCalls } = await ask('ensureVolumes', { items });
    calls += gatewayCalls.login + gatewayCalls.read + gatewayCalls.change;
    const wrong = (output as BatchAnswer<unknown>).items.find(({ status }) => status !== 'done');
    if (wrong !== undefined) throw new Error(JSON.stringify(wrong));
  }
  return { what, seconds: (performance.now() - begunAt) / 1000, calls, pages: batches.length, largestPageBytes: 0 };
};

const measure = async (array: Array10k): Promise<readonly Figures[]> => {
  const identity = (await serve(array, { verb: 'checkConnection', input: null, ...{ credentials } })).output as { arrayId: string };
  const ask: Ask = (verb, input) => serve(array, { verb, input, arrayId: identity.arrayId });
  const physical = (await ask('readInventory', { scope: 'physical', limit: 1000 })).output as InventoryPage;
  const [pool] = physical.pools;
  if (pool === undefined) throw new Error('the array has no pool');
  const objectTypes = ['system', 'pool', 'port', 'host', 'volume'];
  return [
    await walk('everything but volumes', ask, { verb: 'readInventory', input: { scope: 'physical', limit: 10_000 } }),
    await walk('volumes, pages of 1,000', ask, { verb: 'readInventory', input: { scope: 'volumes', limit: 1000 } }),
    await walk('statistics, pages of 10,000', ask, { verb: 'readStatistics', input: { objectTypes, limit: 10_000 } }),
    await ensure(`${ensures} volumes in one batch`, ask, [intents('batch', pool)]),
    await ensure(
      `${ensures} volumes one by one`,
      ask,
      intents('single', pool).map((intent) => [intent]),
    ),
  ];
};

const array = await start();
try {
  const walks = await measure(array);
  console.log(`DRIVER ${JSON.stringify({ counts, walks, peakBytes: process.resourceUsage().maxRSS * 1024 })}`);
} finally {
  array.child.kill();
  await once(array.child, 'exit');
}
