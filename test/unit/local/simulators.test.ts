import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatorFailed, startSimulators } from '../../../local/simulators.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function simulated(type: string, code: string) {
  const file = join(folder, `${type}.cjs`);
  writeFileSync(file, code);
  return { type, displayName: `The ${type}`, simulator: { command: [file, '--port', '0'] } };
}

const serving =
  'setInterval(() => {}, 1000); console.log("CONTROL", process.pid); console.log("USER", process.argv.slice(2).join(" ")); console.log("READY 1234");';

const options = (onLost = (sentence: string): void => expect.unreachable(sentence)) => ({ dataDir: folder, onLost });

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

describe('simulators', () => {
  it('start with the arguments that their driver declares and a folder of their own, tell how they are reached, and end when closed', async () => {
    const running = await startSimulators([simulated('alpha', serving), { type: 'real', displayName: 'Real' }], options());
    const [array] = running.arrays;
    const user = `--port 0 --data ${join(folder, 'alpha')}`;
    const processId = Number(array?.controlPort);
    expect(running.arrays).toEqual([{ displayName: 'The alpha', port: 1234, user, controlPort: String(processId) }]);
    expect(isAlive(processId)).toBe(true);
    await running.close();
    expect(isAlive(processId)).toBe(false);
  });

  it('end when closed although they hold nothing but the pipe from the host', async () => {
    const letGo = 'const timer = setInterval(() => {}, 1000); process.on("SIGTERM", () => clearInterval(timer)); console.log("READY 1");';
    const running = await startSimulators([simulated('alpha', letGo)], options());
    await running.close();
    expect(running.arrays).toMatchObject([{ port: 1 }]);
  });

  it('leave none running when one cannot start', async () => {
    const pidFile = join(folder, 'pid');
    const both = [
      simulated('alpha', `require('node:fs').writeFileSync('${pidFile}', String(process.pid)); ${serving}`),
      simulated('broken', 'process.exit(2)'),
    ];
    const starting = startSimulators(both, options());
    await expect(starting).rejects.toThrow(SimulatorFailed);
    await expect(starting).rejects.toThrow('the simulated The broken did not start; it ended with code 2');
    expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });

  it('say in their own words why they cannot start', async () => {
    const taken = 'console.error("port 7443 is in use; choose another with --port"); process.exitCode = 1;';
    await expect(startSimulators([simulated('alpha', taken)], options())).rejects.toThrow(
      'the simulated The alpha did not start: port 7443 is in use; choose another with --port (of this host: --simulator-port)',
    );
  });

  it('listen where they are told to, one beside the other', async () => {
    const both = [simulated('alpha', serving), simulated('beta', serving)];
    const running = await startSimulators(both, { ...options(), port: 9000 });
    expect(running.arrays.map(({ user }) => user?.split(' --data')[0])).toEqual(['--port 0 --port 9000', '--port 0 --port 9001']);
    await running.close();
  });

  it('are missed when they end by themselves', async () => {
    const lost = Promise.withResolvers<string>();
    const ending = 'console.log("READY 1"); setImmediate(() => process.exit(3));';
    const running = await startSimulators([simulated('alpha', ending)], options(lost.resolve));
    expect(await lost.promise).toBe('the simulated The alpha has ended with code 3; it is back at the next start');
    await running.close();
  });
});
