import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { type SimulatorOptions, startSimulator } from '../../drivers/scaleio/simulator/start.ts';

const verdict = z.strictObject({ case: z.string(), ok: z.boolean(), detail: z.string() });

export interface Ran {
  /** Null = it could not be started; 3 = the package under test is missing. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export const isMissing = ({ exitCode }: Ran): boolean => exitCode === null || exitCode === 3;

/** Debian's Python, for which the packages under test are installed. */
function runPython(args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile('/usr/bin/python3', ['-W', 'ignore', ...args], { timeout: 100_000 }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr });
    });
  });
}

/** Runs the script against a gateway over TLS that it verifies: it gets the gateway's port, the control port and the certificate's file. */
export async function runAgainstGateway(script: string, options: SimulatorOptions): Promise<Ran> {
  const simulator = await startSimulator(options);
  const folder = await mkdtemp(join(tmpdir(), 'patina-interop-'));
  const certificateFile = join(folder, 'gateway.pem');
  try {
    await writeFile(certificateFile, simulator.certificatePem);
    return await runPython([script, String(simulator.port), String(simulator.controlPort), certificateFile]);
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true });
  }
}

/** One JSON line per case. */
export const verdictsOf = ({ stdout }: Ran) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => verdict.parse(JSON.parse(line)));
