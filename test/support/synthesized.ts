import { resolve } from 'node:path';
import { synthesize } from '../../cdk/app.ts';

/** Where the tests' hosts find the application, synthesized once for a run of the tests. */
export const assemblyDir = resolve('.cache/assembly-of-tests');

export const setup = async (): Promise<void> => {
  await synthesize({ context: { arrayCidrs: '127.0.0.0/8', logLevel: 'WARN' }, outdir: assemblyDir });
};
