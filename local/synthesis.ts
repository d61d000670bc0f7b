import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Context = Readonly<Record<string, string>>;

export interface SynthesisOptions {
  readonly context: Context;
  /** Where assemblies are kept, by what they were made from. */
  readonly cacheDir: string;
  /** Called when it takes a while. */
  readonly onSynthesis: () => void;
}

export class SynthesisFailed extends Error {
  override readonly name = 'SynthesisFailed';
}

const root = resolve(import.meta.dirname, '..');
const sources = ['cdk', 'core', 'drivers', 'functions', 'platform', 'statemachines', 'package-lock.json', 'cdk.json'];

function filesIn(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** The same for the same sources and context. */
export function keyOf(context: Context, folder = root): string {
  const hash = createHash('sha256').update(JSON.stringify(context));
  for (const source of sources) {
    const path = join(folder, source);
    const files = existsSync(path) ? [path].flatMap((each) => (/\.\w+$/.test(source) ? [each] : filesIn(each))) : [];
    for (const file of files) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 32);
}

/** In a process of its own: what synthesis needs of memory is given back. */
function synthesize(outdir: string, context: Context): Promise<void> {
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
  const child = spawn(process.execPath, ['--import', 'tsx', 'cdk/app.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((succeed, fail) => {
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? succeed() : fail(new SynthesisFailed(Buffer.concat(said).toString().trim()))));
  });
}

/** The folder of the application's cloud assembly, made now unless the same sources and context have made it before. */
export async function assemblyOf({ context, cacheDir, onSynthesis }: SynthesisOptions): Promise<string> {
  const folder = resolve(cacheDir, keyOf(context));
  if (existsSync(folder)) return folder;
  onSynthesis();
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    await synthesize(unfinished, context);
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
