import { parseArgs } from 'node:util';
import type { ArrayConnection } from '../driver.ts';
import { freshInitiators, isFreshInitiatorType } from './fresh-initiators.ts';
import type { ConformanceTarget, Lack } from './target.ts';

export const usage = `Tries a driver on an array, and removes again what it makes there.

  --driver TYPE          a driver of this project, such as scaleio
  --command "CMD ARGS"   or a driver of its own, speaking lines of JSON on stdin and stdout
  --url URL              or one that speaks HTTP
  --target URL           where the array answers: https://host[:port], or http:// where the driver allows it
  --user NAME            the password is asked for, or taken from CONFORMANCE_PASSWORD
  --sha256 FINGERPRINT   trust exactly this certificate; without --sha256 and --ca a public authority must vouch for it
  --ca FILE              trust what this authority signed
  --allow CIDR           networks that may be connected to; default: the target's own address. May be repeated
  --options FILE         JSON of the driver's property bag
  --capability NAME      only the cases of this capability. May be repeated
  --effects FILE         JSON: which requests have which effect on the array, so that their answers can be made to get lost;
                         a driver of this project has its own
  --new-initiator TYPE   register hosts with new initiators of this type: ${Object.keys(freshInitiators).join(', ')}
  --contents "CMD ARGS"  writes and reads what is in a volume: CMD write ID TEXT, and CMD read ID, which prints the text
  --without-faults       put no proxy that loses and spoils answers between driver and array
  --without-network      the array is reached at no address, such as one in memory
  --without-read-only-mappings
  --seconds N            longest time for one case; default 180

Run it while nobody else changes the array: a case compares everything before and after.`;

export interface ConformanceArguments {
  driver: { kind: 'own'; type: string } | { kind: 'command'; command: readonly string[] } | { kind: 'url'; url: string };
  target: URL;
  user: string;
  sha256: string | undefined;
  caFile: string | undefined;
  allowedCidrs: readonly string[];
  optionsFile: string | undefined;
  effectsFile: string | undefined;
  contents: readonly string[] | undefined;
  newInitiator: ConformanceTarget['newInitiator'] | undefined;
  /** Whether a proxy may come between driver and array. */
  faults: boolean;
  capabilities: readonly string[] | undefined;
  lacks: readonly Lack[];
  caseSeconds: number;
}

/** Says in one sentence what is wrong with the arguments. */
export class ArgumentsError extends Error {
  override readonly name = 'ArgumentsError';
}

const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const shape = {
  driver: text,
  command: text,
  url: text,
  target: text,
  user: text,
  sha256: text,
  ca: text,
  allow: many,
  options: text,
  effects: text,
  contents: text,
  'new-initiator': text,
  capability: many,
  seconds: text,
  'without-faults': { type: 'boolean' },
  'without-network': { type: 'boolean' },
  'without-read-only-mappings': { type: 'boolean' },
} as const;

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: shape }).values;
  } catch (error) {
    throw new ArgumentsError(error instanceof Error ? error.message : String(error), { cause: error });
  }
};

type Values = ReturnType<typeof parse>;

const driverOf = ({ driver, command, url }: Values): ConformanceArguments['driver'] => {
  if ([driver, command, url].filter((given) => given !== undefined).length !== 1) {
    throw new ArgumentsError('give one of --driver, --command and --url');
  }
  if (driver !== undefined && !/^[a-z][a-z0-9-]*$/.test(driver)) throw new ArgumentsError(`--driver ${driver}: no name of a driver`);
  if (driver !== undefined) return { kind: 'own', type: driver };
  return command === undefined ? { kind: 'url', url: url ?? '' } : { kind: 'command', command: command.split(' ') };
};

const targetOf = ({ target = '' }: Values): URL => {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) throw new ArgumentsError('--target must be https://host[:port]');
  if (url.username !== '' || url.password !== '') throw new ArgumentsError('--target must not hold a user or a password');
  return url;
};

const newInitiatorOf = ({ 'new-initiator': type }: Values): ConformanceArguments['newInitiator'] => {
  if (type === undefined) return undefined;
  if (!isFreshInitiatorType(type))
    throw new ArgumentsError(`--new-initiator ${type}: must be one of ${Object.keys(freshInitiators).join(', ')}`);
  return () => ({ type, id: freshInitiators[type]() });
};

const lacksOf = (values: Values): readonly Lack[] => [
  ...(values['without-network'] ? ['network' as const] : []),
  ...(values['without-read-only-mappings'] ? ['read-only mappings' as const] : []),
];

/** A driver on another machine could not reach a proxy on this one's loopback. */
const isNear = ({ url }: Values): boolean => url === undefined || ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);

export const readArguments = (argv: readonly string[]): ConformanceArguments => {
  const values = parse(argv);
  const caseSeconds = Number(values.seconds ?? 180);
  if (!(caseSeconds > 0)) throw new ArgumentsError('--seconds must be a number above 0');
  if (values.user === undefined) throw new ArgumentsError('--user is missing');
  return {
    driver: driverOf(values),
    target: targetOf(values),
    user: values.user,
    sha256: values.sha256?.toUpperCase(),
    caFile: values.ca,
    allowedCidrs: values.allow ?? [],
    optionsFile: values.options,
    capabilities: values.capability,
    effectsFile: values.effects,
    contents: values.contents?.split(' '),
    newInitiator: newInitiatorOf(values),
    faults: !values['without-faults'] && !values['without-network'] && isNear(values),
    lacks: lacksOf(values),
    caseSeconds,
  };
};

export const connectionOf = ({ target, sha256 }: ConformanceArguments, caPem: string | undefined): ArrayConnection => {
  const port = Number(target.port) || (target.protocol === 'http:' ? 80 : 443);
  const endpoints = [{ host: target.hostname.replaceAll(/[[\]]/g, ''), port }];
  if (target.protocol === 'http:') return { endpoints, tls: { mode: 'none' } };
  if (sha256 !== undefined) return { endpoints, tls: { mode: 'pinned', sha256: [sha256] } };
  return { endpoints, tls: caPem === undefined ? { mode: 'public' } : { mode: 'ca', pem: caPem } };
};
