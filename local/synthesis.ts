import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
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
const sources = ['cdk', 'core', 'drivers', 'functions', 'platform', 'statemachines', 'package.json', 'package-lock.json', 'cdk.json'];

/** A file is itself, a folder its sources; what is not there is nothing. */
function filesIn(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** The same for the same sources and context. */
export function keyOf(context: Context, folder = root): string {
  const hash = createHash('sha256').update(JSON.stringify(context));
  for (const source of sources) {
    const path = join(folder, source);
    for (const file of filesIn(path)) hash.update(file).update(readFileSync(file));
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

const KEPT = 8;
const KEPT_MS = 7 * 86_400_000;

/** A running host reads its functions' code from its assembly, so what was used lately stays. */
function forgetUnused(cacheDir: string): void {
  const folders = readdirSync(cacheDir).map((name) => join(cacheDir, name));
  const usedAt = new Map(folders.map((folder) => [folder, statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0]));
  const newestFirst = [...usedAt].sort(([, one], [, other]) => other - one);
  for (const [folder, at] of newestFirst.slice(KEPT)) {
    if (at < Date.now() - KEPT_MS) rmSync(folder, { recursive: true, force: true });
  }
}

function using(folder: string, cacheDir: string): string {
  const now = new Date();
  utimesSync(folder, now, now);
  forgetUnused(cacheDir);
  return folder;
}

/**
 * The folder of the application's cloud assembly, made now unless the same sources and context have made it before. Of those kept, all but
 * the eight used last go when nobody has used them for a week.
 */
export async function assemblyOf({ context, cacheDir, onSynthesis }: SynthesisOptions): Promise<string> {
  const folder = resolve(cacheDir, keyOf(context));
  if (existsSync(folder)) return using(folder, cacheDir);
  onSynthesis();
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    await synthesize(unfinished, context);
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return using(folder, cacheDir);
}
