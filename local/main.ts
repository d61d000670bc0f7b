import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { drivers } from '../drivers/registry.ts';
import { announcement } from './announcement.ts';
import { AssemblyError } from './assembly/load.ts';
import { createClock } from './clock/clock.ts';
import { type Closers, closing } from './closing.ts';
import { DataFolderInUse, DataFolderUnusable } from './data-folder.ts';
import { type Host, startHost } from './host.ts';
import { PolicyError } from './iam/policy-error.ts';
import { HelpAsked, type Options, optionsOf, UsageError, usage } from './options.ts';
import { type SimulatedArray, SimulatorFailed, startSimulators } from './simulators.ts';
import { storageSentence } from './storage-failure.ts';
import { assemblyOf, SynthesisFailed } from './synthesis.ts';

const longestClosingMs = 5000;
const cacheDir = resolve(import.meta.dirname, '..', '.cache', 'assemblies');

function announce(host: Host, options: Options, arrays: readonly SimulatedArray[]): void {
  const dataDir = resolve(options.dataDir);
  const shownFile = join(dataDir, 'root-password-shown');
  const isShown = existsSync(shownFile);
  console.log(announcement({ host, dataDir, arrays, shownFile, isShown }));
  if (!isShown) writeFileSync(shownFile, 'Remove this file to be shown the password again at the next start.\n');
}

async function start(options: Options, closers: Closers): Promise<void> {
  const { dataDir, port, tlsPort, stage, arrayCidrs } = options;
  const onSynthesis = () => console.log('Putting the application together; the next start will not need to.');
  const assemblyDir = await assemblyOf({ context: { stage, arrayCidrs }, cacheDir, onSynthesis });
  const host = await startHost({ assemblyDir, dataDir, port, tlsPort, clock: createClock({ mode: 'real' }), onStorageFailure: end });
  closers.add(host.close);
  const simulators = options.withSimulators
    ? await startSimulators(drivers, { dataDir: join(dataDir, 'simulators'), port: options.simulatorPort, onLost: console.error })
    : undefined;
  if (simulators !== undefined) closers.add(simulators.close);
  announce(host, options, simulators?.arrays ?? []);
}

const errorsOfUse = [AssemblyError, DataFolderInUse, DataFolderUnusable, PolicyError, SimulatorFailed, SynthesisFailed, UsageError];

const errorsOfPorts: Readonly<Record<string, string>> = { EADDRINUSE: 'is in use', EACCES: 'may not be opened by this user' };

/** One sentence for what the person who started it can put right; undefined for faults of the program. */
function sentenceFor(error: unknown): string | undefined {
  const ofStorage = storageSentence(error, dataDir);
  if (ofStorage !== undefined) return ofStorage;
  if (error instanceof Error && errorsOfUse.some((type) => error instanceof type)) return error.message;
  if (!(error instanceof Error && 'code' in error && 'port' in error)) return undefined;
  const { [String(error.code)]: problem } = errorsOfPorts;
  return problem === undefined ? undefined : `port ${error.port} ${problem}; choose another with --port or --tls-port`;
}

function fail(error: unknown): never {
  if (error instanceof HelpAsked) {
    console.log(error.message);
    process.exit(0);
  }
  console.error(sentenceFor(error) ?? error);
  if (error instanceof UsageError) console.error(usage);
  process.exit(error instanceof UsageError ? 2 : 1);
}

const closers = closing();
let dataDir = '.';
let isEnding = false;

/** With its sentence, even where closing gets stuck on the same disk; what is not closed is safe all the same. */
function end(error: unknown): void {
  if (isEnding) return;
  isEnding = true;
  console.error(sentenceFor(error) ?? error);
  const exit = () => process.exit(1);
  setTimeout(exit, longestClosingMs);
  void Promise.allSettled([closers.close()]).then(exit);
}

process.on('uncaughtException', end);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    closers.close().then(() => process.exit(0), fail);
  });
}

try {
  const options = optionsOf(process.argv.slice(2));
  dataDir = resolve(options.dataDir);
  await start(options, closers);
} catch (error) {
  if (isEnding) await new Promise(() => undefined);
  await Promise.allSettled([closers.close()]);
  fail(error);
}
