import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import type { DemoSeed } from './seeds.ts';

/** A gateway simulator, and a client of its own API that knows nothing of Patina. */
export interface DemoArray {
  readonly name: string;
  readonly port: number;
  readonly apiVersion: string;
  readonly username: string;
  readonly password: string;
  readonly fingerprint: string;
  readonly systemId: string;
  /** Volumes with their mappings and trees, as the array's API lists them, as text. */
  listing(): Promise<string>;
  volumes(): Promise<ListedVolume[]>;
  /** Calls that changed the array since the start. */
  changes(): Promise<ArrayChange[]>;
  /** All calls but logins since the start. */
  callCount(): Promise<number>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  readonly child: Child;
}

export interface ListedVolume {
  readonly id: string;
  readonly name: string;
  readonly sizeInKb: number;
  readonly mappedSdcInfo: readonly { readonly sdcId: string }[] | null;
}

export interface ArrayChange {
  readonly verb: string;
  readonly path: string;
  readonly effect: string;
  /** What the caller got: `sent` if it got the answer. */
  readonly reply: string;
  readonly ids: readonly string[];
}

const password = 'Demo-Secret-7';

const get = (port: number, path: string, authorization: string): Promise<string> =>
  new Promise((resolve, reject) => {
    // The demo made this certificate a moment ago; the product itself trusts no certificate that was not shown to it.
    const call = request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, headers: { authorization } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    });
    call.on('error', reject);
    call.end();
  });

const basic = (user: string, secret: string): string => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

const listingOf = async (port: number): Promise<string> => {
  const token: string = JSON.parse(await get(port, '/api/login', basic('admin', password)));
  const text = await get(port, '/api/types/Volume/instances', basic('', token));
  await get(port, '/api/logout', basic('', token));
  return text;
};

export const startArray = async ({ apiVersion, seed }: DemoSeed, folder: string): Promise<DemoArray> => {
  const seedFile = join(folder, `${seed.name}.json`);
  writeFileSync(seedFile, JSON.stringify(seed));
  const child = startChild('drivers/scaleio/simulator/main.ts', ['--api-version', apiVersion, '--password', password, '--seed', seedFile]);
  const [, port] = await child.line(/^READY (\d+)/);
  const [, controlPort] = await child.line(/^CONTROL (\d+)/);
  const [, fingerprint] = await child.line(/^FINGERPRINT (\S+)/);
  const gatewayPort = Number(port);
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${controlPort}${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    name: String(seed.name),
    port: gatewayPort,
    apiVersion,
    username: 'admin',
    password,
    fingerprint: fingerprint ?? '',
    systemId: String(seed.systemId),
    listing: () => listingOf(gatewayPort),
    volumes: async () => JSON.parse(await listingOf(gatewayPort)) as ListedVolume[],
    changes: async () => (await control('GET', '/log')) as ArrayChange[],
    callCount: async () => ((await control('GET', '/calls')) as { total: number }).total,
    control,
    child,
  };
};
