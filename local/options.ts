import { parseArgs } from 'node:util';

export interface Options {
  readonly dataDir: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly withSimulators: boolean;
  /** Absent: as the drivers declare. */
  readonly simulatorPort?: number;
  readonly arrayCidrs: string;
  readonly stage: string;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** `--help` was asked for; nothing is wrong. */
export class HelpAsked extends Error {
  override readonly name = 'HelpAsked';
}

export const usage = `Usage: npm start -- [options]
  --data DIR           where everything is kept (default .patina)
  --port PORT          of the API by HTTP on the loopback interface (default 8080)
  --tls-port PORT      of the API by TLS, for clients of CoprHD (default 4443)
  --with-simulators    also start the simulated arrays, which keep what is on them below DIR too
  --simulator-port N   of the simulated array (default 7443; 0: a free one)
  --array-cidrs LIST   networks in which arrays may lie
                       (default 127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16)
  --stage NAME         name of the installation (default dev)
  --help               show this`;

const known = {
  data: { type: 'string', default: '.patina' },
  port: { type: 'string', default: '8080' },
  'tls-port': { type: 'string', default: '4443' },
  'with-simulators': { type: 'boolean', default: false },
  'simulator-port': { type: 'string' },
  'array-cidrs': { type: 'string', default: '127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16' },
  stage: { type: 'string', default: 'dev' },
  help: { type: 'boolean', default: false },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65535) return port;
  throw new UsageError(`--${name} is ${text}, but must be a number from 0 to 65535`);
}

function given(name: string, text: string): string {
  if (text.trim() !== '') return text;
  throw new UsageError(`--${name} is empty`);
}

/** Throws `UsageError` and `HelpAsked`. Networks and stage are checked where they are used, at synthesis. */
export function optionsOf(args: readonly string[]): Options {
  const values = parse(args);
  if (values.help) throw new HelpAsked(usage);
  return {
    dataDir: given('data', values.data),
    port: portOf('port', values.port),
    tlsPort: portOf('tls-port', values['tls-port']),
    withSimulators: values['with-simulators'],
    ...(values['simulator-port'] === undefined ? {} : { simulatorPort: portOf('simulator-port', values['simulator-port']) }),
    arrayCidrs: values['array-cidrs'],
    stage: values.stage,
  };
}
