import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { isHeld } from './data-folder.ts';
import { UsageError } from './options.ts';

const environment = z.record(z.string(), z.string());

const fileIn = (dataDir: string): string => join(dataDir, 'running.json');

/** How a tool of an operator's reaches the host. */
interface Running {
  /** The template's output of that name, as JSON. */
  readonly environment: unknown;
  /** By the SDK's names of the services. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly region: string;
  readonly accessKeyId: string;
}

const variables = ({ environment: output, endpoints, region, accessKeyId }: Running): Record<string, string> => ({
  ...(typeof output === 'string' ? environment.parse(JSON.parse(output)) : {}),
  ...Object.fromEntries(Object.entries(endpoints).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url])),
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: 'unused',
});

/** Tells tools of the same user how to reach the host that uses this folder, until the answer is called. For the owner's eyes alone. */
export function writeRunning(dataDir: string, running: Running): () => void {
  const file = fileIn(dataDir);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(variables(running)), { mode: 0o600, flag: 'wx' });
  return () => rmSync(file, { force: true });
}

/** Throws `UsageError` where no host is running. */
export function readRunning(dataDir: string): Record<string, string> {
  try {
    if (!isHeld(dataDir)) throw new Error(`nobody holds ${dataDir}`);
    return environment.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch (cause) {
    throw new UsageError(`no host is running with the data folder ${dataDir}; start it with npm start, or name it with --data`, { cause });
  }
}
