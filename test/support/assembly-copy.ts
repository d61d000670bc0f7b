import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemblyDir } from './synthesized.ts';

export interface AssemblyCopy {
  readonly folder: string;
  remove(): void;
}

/** The tests' assembly in a folder of its own, each template changed as text. */
export const copyAssembly = (change: (template: string) => string): AssemblyCopy => {
  const folder = mkdtempSync(join(tmpdir(), 'patina-assembly-'));
  cpSync(assemblyDir, folder, { recursive: true });
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.template.json'))) {
    const file = join(folder, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** With functions that log all they can. */
export const talkativeAssembly = (): AssemblyCopy => copyAssembly((template) => template.replaceAll(/("LOG_LEVEL": ")\w+"/g, '$1DEBUG"'));
