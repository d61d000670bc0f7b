import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Child {
  /** The first line of standard output that matches; rejects when the process ends before it. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
  /** As a power cut would end it. */
  kill(): Promise<void>;
  readonly process: ChildProcess;
}

/** Starts one of the product's programs with the Node.js this runs on. It ends with this process. */
export const startChild = (program: string, args: readonly string[], nodeOptions: readonly string[] = []): Child => {
  const process_ = spawn(process.execPath, [...nodeOptions, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of [...waiting]) check();
  };
  const ended = new Promise<void>((resolve) => process_.once('exit', () => resolve()));
  createInterface({ input: process_.stdout }).on('line', (text) => {
    lines.push(text);
    wake();
  });
  createInterface({ input: process_.stderr }).on('line', (text) => errors.push(text));
  process_.once('exit', wake);
  const endWithUs = (): boolean => process_.kill('SIGKILL');
  process.once('exit', endWithUs);
  process_.once('exit', () => process.off('exit', endWithUs));

  const line = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const match = lines.map((text) => pattern.exec(text)).find((found) => found !== null);
        const isOver = process_.exitCode !== null || process_.signalCode !== null;
        if (!match && !isOver) return;
        waiting.delete(check);
        if (match) resolve(match);
        else reject(new Error(`${program} ended before it was ready:\n${[...lines, ...errors].slice(-20).join('\n')}`));
      };
      waiting.add(check);
      check();
    });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (process_.exitCode === null && process_.signalCode === null) process_.kill(signal);
    await ended;
  };
  return { line, stop: () => end('SIGTERM'), kill: () => end('SIGKILL'), process: process_ };
};
