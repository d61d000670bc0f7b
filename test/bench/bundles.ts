import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The functions' bundles: how large they are, and how long a fresh process takes to load one. */
export interface BundleFigures {
  readonly name: string;
  readonly bytes: number;
  readonly loadMs: number;
}

const tries = 7;

/** What the template would give every function, so that the bundle loads as it does there. */
const environment = {
  PATH: process.env['PATH'],
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  JOBS_QUEUE_URL: 'http://127.0.0.1/none',
  ROOT_SECRET_ARN: 'none',
};

const program = 'const from = performance.now(); require(process.argv[1]); console.log(performance.now() - from)';

const loadOnce = (file: string): number =>
  Number(execFileSync(process.execPath, ['-e', program, file], { env: environment, encoding: 'utf8' }).trim().split('\n').at(-1));

export const bundleFigures = (folder = resolve('dist')): BundleFigures[] =>
  readdirSync(folder).map((name) => {
    const file = join(folder, name, 'index.js');
    return { name, bytes: statSync(file).size, loadMs: Math.min(...Array.from({ length: tries }, () => loadOnce(file))) };
  });
