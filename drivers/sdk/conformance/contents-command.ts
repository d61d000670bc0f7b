import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Contents } from './target.ts';

const run = promisify(execFile);

/**
 * What is in volumes, by a program of whoever runs the suite: `CMD write <native id> <text>`, and `CMD read <native id>`, which prints it. It
 * maps the volume by itself if it has to, and unmaps it again.
 */
export const contentsBy = ([command = '', ...args]: readonly string[]): Contents => ({
  async write(nativeId, text) {
    await run(command, [...args, 'write', nativeId, text]);
  },
  async read(nativeId) {
    const { stdout } = await run(command, [...args, 'read', nativeId]);
    return stdout.replace(/\n$/, '');
  },
});
