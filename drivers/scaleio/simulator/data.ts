import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Certificate } from './certificate.ts';
import type { ArrayState } from './model.ts';

/** The data folder cannot be used, or what is in it cannot be read. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

export interface SavedArray {
  certificate?: Certificate;
  /** How far the simulator's clock ran ahead of the machine's. */
  aheadMs: number;
  /** All of `ArrayState` but its functions and its clock. */
  array: Partial<ArrayState> & Pick<ArrayState, 'version'>;
}

export interface DataFolder {
  /** Undefined in an empty folder. */
  load(): SavedArray | undefined;
  /** All or nothing, whenever the process dies; what was there before stays until the new is on the disk. */
  save(array: ArrayState, certificate: Certificate | undefined): void;
}

const format = 1;

function replaceFile(file: string, content: Buffer): void {
  const next = `${file}.next`;
  const descriptor = openSync(next, 'w', 0o600);
  try {
    for (let written = 0; written < content.length; ) written += writeSync(descriptor, content, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(next, file);
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function savedIn(file: string): SavedArray | undefined {
  const content = contentOf(file);
  if (content === undefined) return undefined;
  try {
    const { format: found, ...saved } = deserialize(content);
    if (found === format) return saved;
  } catch (cause) {
    throw new DataError(`the array in ${file} cannot be read; remove its folder to begin with a new one`, { cause });
  }
  throw new DataError(`the array in ${file} was kept by another version of the simulator; remove its folder to begin with a new one`);
}

const withoutFunctions = ({ clock: _, ...array }: ArrayState) =>
  Object.fromEntries(Object.entries(array).filter(([, value]) => typeof value !== 'function'));

/** Keeps one array with its certificate in a folder, which is made. Throws `DataError`. */
export function openDataFolder(folder: string): DataFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new DataError(`the folder of --data cannot be made: ${folder}`, { cause });
  }
  const file = join(folder, 'array.bin');
  return {
    load: () => savedIn(file),
    save: (array, certificate) =>
      replaceFile(
        file,
        serialize({ format, aheadMs: array.clock.aheadMs(), array: withoutFunctions(array), ...(certificate && { certificate }) }),
      ),
  };
}
