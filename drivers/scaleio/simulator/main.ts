import { optionsOf, UsageError, usage } from './options.ts';
import { SeedError } from './seed-schema.ts';
import { type Simulator, startSimulator } from './start.ts';

function announce(simulator: Simulator): void {
  console.log(`READY ${simulator.port}`);
  console.log(`CONTROL ${simulator.controlPort}`);
  if (simulator.fingerprint256 !== '') console.log(`FINGERPRINT ${simulator.fingerprint256}`);
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : 'the simulator could not start');
  process.exitCode = error instanceof UsageError || error instanceof SeedError ? 2 : 1;
}

const start = async (): Promise<void> => {
  const simulator = await startSimulator(optionsOf(process.argv.slice(2)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
  announce(simulator);
};

if (process.argv.includes('--help')) console.log(usage);
else await start().catch(fail);
