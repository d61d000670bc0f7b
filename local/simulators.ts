import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export interface SimulatedDriver {
  readonly type: string;
  readonly displayName: string;
  readonly simulator?: { readonly command: readonly string[] };
}

/** A simulated array that answers. What a simulator does not say of itself is undefined. */
export interface SimulatedArray {
  readonly displayName: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** SHA-256 of its certificate. */
  readonly fingerprint: string | undefined;
  readonly controlPort: string | undefined;
}

export interface Simulators {
  readonly arrays: readonly SimulatedArray[];
  close(): Promise<void>;
}

export class SimulatorFailed extends Error {
  override readonly name = 'SimulatorFailed';
}

const root = resolve(import.meta.dirname, '..');
const endWithParent = new URL('./end-with-parent.ts', import.meta.url).href;

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function ended(child: ChildProcess): Promise<void> {
  return isOver(child) ? Promise.resolve() : new Promise((done) => child.once('exit', () => done()));
}

interface Started {
  readonly child: ChildProcess;
  readonly array: SimulatedArray;
}

const arrayOf = (displayName: string, said: ReadonlyMap<string, string>): SimulatedArray => ({
  displayName,
  port: Number(said.get('READY')),
  user: said.get('USER'),
  password: said.get('PASSWORD'),
  fingerprint: said.get('FINGERPRINT'),
  controlPort: said.get('CONTROL'),
});

/** In its own words where it has some; its options are not those of this host. */
const whyNot = (displayName: string, { code, complaint }: { code: number | null; complaint: string }): string =>
  complaint === ''
    ? `the simulated ${displayName} did not start; it ended with code ${code}`
    : `the simulated ${displayName} did not start: ${complaint} (of this host: --simulator-port)`;

/** Resolves when the simulator says `READY`, its last line, and rejects with `SimulatorFailed`; it ends with this process, however that ends. */
function start(displayName: string, command: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, ['--import', endWithParent, ...command], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  const hear = (chunk: Buffer) => {
    complaint += chunk;
  };
  child.stderr.on('data', hear);
  const said = new Map<string, string>();
  return new Promise((succeed, fail) => {
    child.once('error', fail);
    child.once('close', (code) => fail(new SimulatorFailed(whyNot(displayName, { code, complaint: complaint.trim() }))));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word = '', ...rest] = line.split(' ');
      said.set(word, rest.join(' '));
      if (word !== 'READY') return;
      child.stderr.off('data', hear).pipe(process.stderr);
      succeed({ child, array: arrayOf(displayName, said) });
    });
  });
}

export interface SimulatorsOptions {
  /** Each simulator keeps its array in a folder of its own below it. */
  readonly dataDir: string;
  /** Of the first simulator, in place of its driver's own; the others take the next ones. 0 takes free ones. */
  readonly port?: number | undefined;
  /** Called with a sentence when a simulator ends before it is closed. */
  readonly onLost: (sentence: string) => void;
}

/**
 * Starts the simulators that the drivers declare. Rejects with `SimulatorFailed` if one does not start; then none is left running.
 */
export async function startSimulators(
  drivers: readonly SimulatedDriver[],
  { dataDir, port, onLost }: SimulatorsOptions,
): Promise<Simulators> {
  const simulated = drivers.flatMap(({ simulator, ...driver }) => (simulator === undefined ? [] : [{ ...driver, ...simulator }]));
  const starting = simulated.map(({ type, displayName, command }, index) => {
    const ports = port === undefined ? [] : ['--port', String(port === 0 ? 0 : port + index)];
    return start(displayName, [...command, ...ports, '--data', resolve(join(dataDir, type))]);
  });
  const settled = await Promise.allSettled(starting);
  const started = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const lost = started.map(({ child, array }) => {
    const tell = () => onLost(`the simulated ${array.displayName} has ended with code ${child.exitCode}; it is back at the next start`);
    if (isOver(child)) tell();
    else child.once('exit', tell);
    return () => child.off('exit', tell);
  });
  const close = async () => {
    for (const expect of lost) expect();
    for (const { child } of started) child.kill('SIGTERM');
    await Promise.all(started.map(({ child }) => ended(child)));
  };
  const failure = settled.find((each) => each.status === 'rejected');
  if (failure === undefined) return { arrays: started.map(({ array }) => array), close };
  await close();
  throw failure.reason;
}
