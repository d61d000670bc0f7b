import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (command: string, args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const out: string[] = [];
    const err: string[] = [];
    child.stdout.on('data', (text: Buffer) => out.push(text.toString()));
    child.stderr.on('data', (text: Buffer) => err.push(text.toString()));
    child.once('close', (code) => resolve({ code, stdout: out.join(''), stderr: err.join('') }));
  });

it('the README’s demo sees all of it true, within a minute, and prints its figures as one JSON object and nothing else', async () => {
  const { code, stdout, stderr } = await run('npm', ['run', '-s', 'demo', '--', '--json']);
  const told = JSON.parse(stdout);
  expect(told.failures).toEqual([]);
  expect(told).toMatchObject({ ok: true, foreignObjectsTouched: 0 });
  expect(code).toBe(0);
  expect(told.seconds).toBeLessThan(60);
  expect(told.figures.map(({ task }: { task: string }) => task.replace(/\d+\.\d+\.\d+\.\d+/, 'a host'))).toEqual([
    'register north',
    'register south',
    'create 3 volumes',
    'expand a volume',
    'export 2 volumes to a host',
    'delete the export',
    'delete 3 volumes',
  ]);
  expect(stderr).toContain('foreign objects touched: 0');
  expect(told.scenes.map(({ scene, seenTrue }: { scene: string; seenTrue: boolean }) => ({ scene, seenTrue }))).toEqual([
    { scene: expect.stringContaining('answer of a creation is lost'), seenTrue: true },
    { scene: expect.stringContaining('killed (kill -9) in mid-export'), seenTrue: true },
    { scene: expect.stringContaining('mapped volume is refused'), seenTrue: true },
    { scene: expect.stringContaining('renamed on the array is not deleted'), seenTrue: true },
    { scene: expect.stringContaining('speaks for another array'), seenTrue: true },
    { scene: expect.stringContaining('brake'), seenTrue: true },
    { scene: expect.stringContaining('creation of two fails'), seenTrue: true },
  ]);
});
