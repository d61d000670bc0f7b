import { statfsSync } from 'node:fs';

/** What the operating system, and LevelDB for it, say when something cannot be written. */
const codes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'LEVEL_IO_ERROR'];
const codesOfFull: readonly string[] = ['ENOSPC', 'EDQUOT'];

/** Below that little room LevelDB's errors, which have one code for all, are taken for a full disk. */
const leastRoomBytes = 16 * 1024 * 1024;

/** The code by which the disk refused a write, also where it is the cause of the error; undefined for every other error. */
export function storageCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string' && codes.includes(error.code)) return error.code;
  return storageCodeOf(error.cause);
}

/** Told of a write that the disk refused; whoever wrote must not go on as if it were written. */
export type OnStorageFailure = (error: unknown) => void;

function roomBytesIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** What to do about it, in one sentence; undefined for what the disk has no part in. */
export function storageSentence(error: unknown, dataDir: string): string | undefined {
  const code = storageCodeOf(error);
  if (code === undefined) return undefined;
  const isFull = codesOfFull.includes(code) || (code === 'LEVEL_IO_ERROR' && roomBytesIn(dataDir) < leastRoomBytes);
  const [problem, remedy] = isFull ? ['the disk is full', 'make room'] : ['the disk refuses to be written', 'put that right'];
  return `the data folder ${dataDir} cannot be written, ${problem} (${code}); ${remedy} and start again: what was accepted is kept, and work under way goes on`;
}
