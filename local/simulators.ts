import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

export interface SimulatedDriver {
  readonly type: string;
  readonly simulator?: { readonly command: readonly string[] };
}

export interface Simulators {
  close(): Promise<void>;
}

const root = resolve(import.meta.dirname, '..');
const endWithParent = new URL('./end-with-parent.ts', import.meta.url).href;

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode === null && child.signalCode === null ? new Promise((done) => child.once('exit', () => done())) : Promise.resolve();
}

/** Resolves when the simulator says `READY`; it ends with this process, however that ends. */
function start(command: readonly string[], say: (line: string) => void): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', endWithParent, ...command], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((succeed, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`the simulator ${command.join(' ')} ended with code ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      say(line);
      if (line.startsWith('READY')) succeed(child);
    });
  });
}

/** Starts the simulators that the drivers declare; each says in lines of its own where it listens. */
export async function startSimulators(drivers: readonly SimulatedDriver[], say: (line: string) => void): Promise<Simulators> {
  const starting = drivers.flatMap(({ type, simulator }) =>
    simulator === undefined ? [] : [start(simulator.command, (line) => say(`${type} simulator: ${line}`))],
  );
  const settled = await Promise.allSettled(starting);
  const children = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const close = async () => {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map(ended));
  };
  const failure = settled.find((each) => each.status === 'rejected');
  if (failure === undefined) return { close };
  await close();
  throw failure.reason;
}
