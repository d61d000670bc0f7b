import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulators } from '../../../local/simulators.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function simulated(type: string, code: string) {
  const file = join(folder, `${type}.cjs`);
  writeFileSync(file, code);
  return { type, simulator: { command: [file, '--port', '0'] } };
}

const serving = 'console.log("READY 1234", process.argv.slice(2).join(" ")); setInterval(() => {}, 1000); console.log("PID", process.pid);';

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

describe('simulators', () => {
  it('start with the arguments that their driver declares, say where they listen, and end when closed', async () => {
    const said: string[] = [];
    const running = await startSimulators([simulated('alpha', serving), { type: 'real' }], (line) => said.push(line));
    while (said.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(said[0]).toBe('alpha simulator: READY 1234 --port 0');
    const processId = Number(said[1]?.split('PID ')[1]);
    expect(isAlive(processId)).toBe(true);
    await running.close();
    expect(isAlive(processId)).toBe(false);
  });

  it('end when closed although they hold nothing but the pipe from the host', async () => {
    const said: string[] = [];
    const letGo = 'const timer = setInterval(() => {}, 1000); process.on("SIGTERM", () => clearInterval(timer)); console.log("READY 1");';
    const running = await startSimulators([simulated('alpha', letGo)], (line) => said.push(line));
    await running.close();
    expect(said).toEqual(['alpha simulator: READY 1']);
  });

  it('leave none running when one cannot start', async () => {
    const said: string[] = [];
    const both = [
      simulated('alpha', serving.replace('setInterval', 'console.log("PID", process.pid); setInterval')),
      simulated('broken', 'process.exit(2)'),
    ];
    await expect(startSimulators(both, (line) => said.push(line))).rejects.toThrow(/broken.cjs --port 0 ended with code 2/);
    const processId = Number(said.find((line) => line.includes('PID'))?.split('PID ')[1]);
    expect(isAlive(processId)).toBe(false);
  });
});
