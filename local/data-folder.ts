import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
}

/** The folder cannot be made or written. */
export class DataFolderUnusable extends Error {
  override readonly name = 'DataFolderUnusable';
}

export interface DataFolder {
  /** The path of a part's own folder. */
  part(name: string): string;
  /** No host had it before. */
  readonly isNew: boolean;
  release(): void;
}

const heldHere = new Set<string>();

function isRunning(processId: number): boolean {
  if (processId === process.pid || !Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const lockIn = (folder: string): string => join(folder, 'host.lock');

/** Whether a host in another process has the data folder. */
export function isHeld(path: string): boolean {
  const lock = lockIn(resolve(path));
  return existsSync(lock) && isRunning(Number(readFileSync(lock, 'utf8')));
}

function writeLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** One after the other: Node's own `recursive` never ends below `/proc`. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function tryIn<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw new DataFolderUnusable(`the data folder ${folder} cannot be made or written (${cause.code}); choose another with --data`, {
      cause,
    });
  }
}

function openFolder(folder: string): { isNew: boolean; isLocked: boolean } {
  makeFolders(folder);
  accessSync(folder, constants.W_OK | constants.X_OK);
  const isNew = readdirSync(folder).length === 0;
  return { isNew, isLocked: writeLock(lockIn(folder)) };
}

/**
 * Takes a data folder for this host alone. The lock of a host that died is taken over; that of a living one throws `DataFolderInUse`.
 * Throws `DataFolderUnusable` for a folder that cannot be made or written.
 */
export function holdDataFolder(path: string): DataFolder {
  const folder = resolve(path);
  const lock = lockIn(folder);
  if (heldHere.has(folder)) throw new DataFolderInUse(`another host in this process uses the data folder ${folder}`);
  const { isNew, isLocked } = tryIn(folder, () => openFolder(folder));
  if (!isLocked) {
    const holder = Number(readFileSync(lock, 'utf8'));
    if (isRunning(holder)) throw new DataFolderInUse(`the data folder ${folder} is used by the host with process id ${holder}`);
    rmSync(lock, { force: true });
    if (!writeLock(lock)) throw new DataFolderInUse(`another host has just taken the data folder ${folder}`);
  }
  heldHere.add(folder);
  return {
    part: (name) => join(folder, name),
    isNew,
    release() {
      heldHere.delete(folder);
      rmSync(lock, { force: true });
    },
  };
}
