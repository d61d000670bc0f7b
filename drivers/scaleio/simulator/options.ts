import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Certificate } from './certificate.ts';
import { countsIn, generateSeed } from './generate.ts';
import type { SeedInput } from './seed-schema.ts';
import type { SimulatorOptions } from './start.ts';
import { apiVersions, isApiVersion } from './versions.ts';

/** Wrong arguments; the message is one sentence for the person who typed them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Usage: npm run simulator -- [options]
  --port PORT          of the gateway (default 0: a free one)
  --control-port PORT  of faults, clock and the log of changing calls (default 0: a free one)
  --api-version V      ${apiVersions.join(', ')} (default 3.6)
  --user NAME          (default admin)
  --password TEXT      (default Secret123!)
  --role ROLE          of that user, such as Monitor or SuperUser (default Configure, since 4.5 StorageAdmin)
  --seed FILE          what is on the array, as JSON
  --generate COUNTS    a large array instead, such as volumes=10000,sdcs=1000,sds=200; the same counts give the same array
  --system-id HEX      id of the array, 16 hex digits (default 3f2a91c45b7d6e08, or that of the seed). Two simulators of one id are two gateways
                       of one array: give the second its own
  --data DIR           keep the array and its certificate there: they survive the end of the simulator, also by kill -9;
                       once something is kept, version and content of the array are those, not what other options say
  --plain-http         without TLS
  --cert-file FILE     PEM certificate of the gateway, together with
  --key-file FILE      its private key; without them one is made, at each start or once for --data
  --help               show this`;

const known = {
  port: { type: 'string', default: '0' },
  'control-port': { type: 'string', default: '0' },
  'api-version': { type: 'string', default: '3.6' },
  user: { type: 'string', default: 'admin' },
  password: { type: 'string', default: 'Secret123!' },
  role: { type: 'string' },
  seed: { type: 'string' },
  generate: { type: 'string' },
  'system-id': { type: 'string' },
  data: { type: 'string' },
  'plain-http': { type: 'boolean', default: false },
  'cert-file': { type: 'string' },
  'key-file': { type: 'string' },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'the arguments cannot be read', { cause });
  }
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new UsageError(`--${name} is ${text}, but must be a number from 0 to 65535`);
  return port;
}

function read(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`the file of --${option} cannot be read: ${path}`, { cause });
  }
}

/** The content is checked when the seed is loaded. */
function seedOf(path: string): SeedInput {
  try {
    return JSON.parse(read('seed', path));
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`the file of --seed is not JSON: ${path}`, { cause });
  }
}

function contentOf({ seed, generate }: ReturnType<typeof parse>): Pick<SimulatorOptions, 'seed'> {
  if (seed !== undefined && generate !== undefined) throw new UsageError('--seed and --generate exclude each other');
  if (generate !== undefined) return { seed: generateSeed(countsIn(generate)) };
  return seed === undefined ? {} : { seed: seedOf(seed) };
}

function systemIdOf(text: string | undefined): Pick<SimulatorOptions, 'systemId'> {
  if (text === undefined) return {};
  if (!/^[0-9a-f]{16}$/i.test(text)) throw new UsageError(`--system-id is ${text}, but must be 16 hex digits`);
  return { systemId: text.toLowerCase() };
}

interface Files {
  certFile: string | undefined;
  keyFile: string | undefined;
}

function certificateOf({ certFile, keyFile }: Files): Certificate | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) throw new UsageError('--cert-file and --key-file go together');
  const certificate = { certificatePem: read('cert-file', certFile), keyPem: read('key-file', keyFile) };
  if (!isPair(certificate)) throw new UsageError('--cert-file and --key-file are not a PEM certificate and its private key');
  return certificate;
}

/** OpenSSL's errors for what is no PEM have codes of their own. */
function isPair({ certificatePem, keyPem }: Certificate): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** Throws `UsageError`, or `SeedError` for counts that no array can have. */
export function optionsOf(args: readonly string[]): SimulatorOptions {
  const values = parse(args);
  const apiVersion = values['api-version'];
  if (!isApiVersion(apiVersion)) throw new UsageError(`--api-version is ${apiVersion}, but must be one of ${apiVersions.join(', ')}`);
  const certificate = certificateOf({ certFile: values['cert-file'], keyFile: values['key-file'] });
  return {
    port: portOf('port', values.port),
    controlPort: portOf('control-port', values['control-port']),
    apiVersion,
    user: values.user,
    password: values.password,
    plainHttp: values['plain-http'],
    ...(values.role === undefined ? {} : { role: values.role }),
    ...(values.data === undefined ? {} : { dataDir: values.data }),
    ...contentOf(values),
    ...systemIdOf(values['system-id']),
    ...(certificate === undefined ? {} : { certificate }),
  };
}
