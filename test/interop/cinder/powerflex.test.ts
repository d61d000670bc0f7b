import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import { startSimulator } from '../../../drivers/scaleio/simulator/start.ts';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';

const howToInstall = 'python3-cinder is missing: run `apt-get install -y --no-install-recommends python3-cinder`';
const script = fileURLToPath(new URL('powerflex_client.py', import.meta.url));
const verdict = z.strictObject({ case: z.string(), ok: z.boolean(), detail: z.string() });

/** Cases at every version, and those that Cinder runs from 3.0 on. */
const caseCounts: Record<string, number> = { '2.5': 27, '3.6': 29, '4.5': 29 };

interface Ran {
  /** Null = it could not be started. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

function runPython(args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile('/usr/bin/python3', ['-W', 'ignore', ...args], { timeout: 100_000 }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr });
    });
  });
}

/** Cinder's client against a gateway over TLS that it verifies. The tree limit is low, so that the client can reach it. */
async function runClient(apiVersion: ApiVersion): Promise<Ran> {
  const simulator = await startSimulator({ apiVersion, seed: { ...defaultSeed, limits: { snapshotsPerVTree: 3 } } });
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

const verdictsOf = ({ stdout }: Ran) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => verdict.parse(JSON.parse(line)));

for (const [apiVersion, count] of Object.entries(caseCounts)) {
  const ran = await runClient(z.enum(['2.5', '3.6', '4.5']).parse(apiVersion));

  describe(`OpenStack Cinder's PowerFlex client at API ${apiVersion}`, () => {
    it('is installed', () => {
      expect(ran.exitCode === null || ran.exitCode === 3 ? howToInstall : 'installed').toBe('installed');
    });

    it('runs all its cases', () => {
      expect({ exitCode: ran.exitCode, cases: verdictsOf(ran).length, problems: ran.exitCode === 0 ? '' : ran.stderr }).toEqual({
        exitCode: 0,
        cases: count,
        problems: '',
      });
    });

    it.each(verdictsOf(ran))('$case', ({ ok, detail }) => {
      expect(ok, detail).toBe(true);
    });
  });
}
