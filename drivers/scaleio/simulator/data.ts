import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Certificate } from './certificate.ts';
import { applyChanges, type Changes, isEmpty, type Tracker, trackChanges, withoutFunctions } from './changes.ts';
import { beginJournal, contentOf, type Journal, recordsIn, replaceFile } from './journal.ts';
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
  /** Writes all of it, from where `keep` goes on. */
  begin(array: ArrayState, certificate: Certificate | undefined): void;
  /** What changed since then is on the disk when it returns: all of it or nothing, whenever the process dies. */
  keep(): void;
  close(): void;
}

interface Entry {
  aheadMs: number;
  changes: Changes;
}

type Snapshot = SavedArray & { generation: number };

const format = 2;
/** From that size on, or once it is as large as the array, the journal gives way to a new snapshot of the whole. */
const mostJournalBytes = 4 * 1024 * 1024;

const anew = 'remove its folder to begin with a new one';

/** In format 1 there was no journal. */
function snapshotIn(content: Buffer, file: string): Snapshot {
  const { format: found, ...snapshot } = deserialize(content);
  if (found === 1) return { ...snapshot, generation: 0 };
  if (found === format) return snapshot;
  throw new DataError(`the array in ${file} was kept by another version of the simulator; ${anew}`);
}

/** What was noted after this snapshot; a journal of an earlier one is already in it. */
function entriesSince({ generation }: Snapshot, journal: Buffer | undefined): Entry[] {
  const [first, ...entries] = journal === undefined ? [] : recordsIn(journal);
  return first === generation ? (entries as Entry[]) : [];
}

function broughtUpToDate(snapshot: Snapshot, entries: readonly Entry[]): Snapshot {
  for (const { changes } of entries) applyChanges(snapshot.array as Parameters<typeof applyChanges>[0], changes);
  return { ...snapshot, aheadMs: entries.at(-1)?.aheadMs ?? snapshot.aheadMs };
}

function savedIn(files: Files): Snapshot | undefined {
  const content = contentOf(files.array);
  if (content === undefined) return undefined;
  try {
    const snapshot = snapshotIn(content, files.array);
    return broughtUpToDate(snapshot, entriesSince(snapshot, contentOf(files.journal)));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`the array in ${files.array} cannot be read; ${anew}`, { cause });
  }
}

interface Files {
  array: string;
  journal: string;
}

interface Open {
  array: ArrayState;
  certificate: Certificate | undefined;
  journal: Journal;
  tracker: Tracker;
  snapshotBytes: number;
}

function newSnapshot(files: Files, generation: number, { array, certificate }: Pick<Open, 'array' | 'certificate'>): Open {
  const saved = { aheadMs: array.clock.aheadMs(), array: withoutFunctions(array), ...(certificate && { certificate }) };
  const content = serialize({ format, generation, ...saved });
  replaceFile(files.array, content);
  const journal = beginJournal(files.journal, generation);
  return { array, certificate, journal, tracker: trackChanges(array), snapshotBytes: content.length };
}

/** One after the other: Node's own `recursive` never ends below `/proc`. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** Keeps one array with its certificate in a folder, which is made. Throws `DataError`. */
export function openDataFolder(folder: string): DataFolder {
  try {
    makeFolder(resolve(folder));
  } catch (cause) {
    throw new DataError(`the folder of --data cannot be made: ${folder}`, { cause });
  }
  const files = { array: join(folder, 'array.bin'), journal: join(folder, 'journal.bin') };
  let open: Open | undefined;
  let generation = 0;
  let aheadMs = 0;
  const begin = (given: Pick<Open, 'array' | 'certificate'>): void => {
    open?.journal.close();
    open = undefined;
    generation += 1;
    aheadMs = given.array.clock.aheadMs();
    open = newSnapshot(files, generation, given);
  };
  const note = ({ array, journal, tracker }: Open): void => {
    const changes = tracker.pending();
    if (isEmpty(changes) && aheadMs === array.clock.aheadMs()) return;
    aheadMs = array.clock.aheadMs();
    journal.append({ aheadMs, changes } satisfies Entry);
    tracker.noted(changes);
  };
  return {
    load() {
      const saved = savedIn(files);
      generation = saved?.generation ?? 0;
      return saved;
    },
    begin: (array, certificate) => begin({ array, certificate }),
    keep() {
      if (open === undefined) throw new DataError('the data folder is not open');
      note(open);
      if (open.journal.sizeBytes() > Math.max(mostJournalBytes, open.snapshotBytes)) begin(open);
    },
    close() {
      open?.journal.close();
      open = undefined;
    },
  };
}
