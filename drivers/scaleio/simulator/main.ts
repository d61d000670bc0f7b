import { optionsOf, UsageError, usage } from './options.ts';
import { SeedError } from './seed-schema.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from './start.ts';

/** `READY` comes last: whoever waits for it has read everything. */
function announce(simulator: Simulator, { user = '', password = '' }: SimulatorOptions): void {
  console.log(`CONTROL ${simulator.controlPort}`);
  if (simulator.fingerprint256 !== '') console.log(`FINGERPRINT ${simulator.fingerprint256}`);
  console.log(`USER ${user}`);
  console.log(`PASSWORD ${password}`);
  console.log(`READY ${simulator.port}`);
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : 'the simulator could not start');
  process.exit(error instanceof UsageError || error instanceof SeedError ? 2 : 1);
}

const start = async (): Promise<void> => {
  const options = optionsOf(process.argv.slice(2));
  const simulator = await startSimulator(options);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
  announce(simulator, options);
};

if (process.argv.includes('--help')) console.log(usage);
else await start().catch(fail);
