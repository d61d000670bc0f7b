import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const product = /^(core|cdk|drivers|functions|local|platform|portal|statemachines)\/.*\.ts$/;

/** Every TypeScript file of the product that git knows or would add; tests apart. */
export const productFiles = (): SourceFile[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => product.test(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
