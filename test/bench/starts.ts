import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../demo/child.ts';

/** How long the host takes to be ready, and what it takes of memory while nobody asks. */
export interface StartFigures {
  readonly bestBootMs: number;
  readonly medianBootMs: number;
  readonly idleBytes: number;
}

const tries = 5;
const settleMs = 3000;

const residentBytes = (pid: number | undefined): number => {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
};

const start = async (folder: string, idleMs: number): Promise<{ bootMs: number; idleBytes: number }> => {
  const begunAt = performance.now();
  const child = startChild('local/main.ts', ['--data', folder, '--port', '0', '--tls-port', '0']);
  await child.line(/^Patina is ready/);
  const bootMs = performance.now() - begunAt;
  await sleep(idleMs);
  const idleBytes = residentBytes(child.process.pid);
  await child.stop();
  return { bootMs, idleBytes };
};

/** The assembly is made by the first start if it is not there, which does not count. */
export const startFigures = async (): Promise<StartFigures> => {
  const folder = mkdtempSync(join(tmpdir(), 'patina-starts-'));
  try {
    const { idleBytes } = await start(folder, settleMs);
    const boots: number[] = [];
    for (let n = 0; n < tries; n += 1) boots.push((await start(folder, 0)).bootMs);
    const sorted = boots.toSorted((a, b) => a - b);
    return { bestBootMs: sorted[0] ?? 0, medianBootMs: sorted[Math.floor(tries / 2)] ?? 0, idleBytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
