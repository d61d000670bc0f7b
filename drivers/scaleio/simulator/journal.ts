import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';

/** Before each record: its length, and the sum that it must have. */
const headerBytes = 8;

const framed = (record: unknown): Buffer => {
  const content = serialize(record);
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(content.length, 0);
  header.writeUInt32LE(crc32(content), 4);
  return Buffer.concat([header, content]);
};

const writeAll = (descriptor: number, content: Buffer, at: number): void => {
  for (let written = 0; written < content.length; ) {
    written += writeSync(descriptor, content, written, content.length - written, at + written);
  }
  fdatasyncSync(descriptor);
};

/** All of it or what was there before, whenever the process dies. */
export function replaceFile(file: string, content: Buffer): void {
  const next = `${file}.next`;
  const descriptor = openSync(next, 'w', 0o600);
  try {
    writeAll(descriptor, content, 0);
  } finally {
    closeSync(descriptor);
  }
  renameSync(next, file);
}

export function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A record before the last one is damaged. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** The record at the place, and where the next one is; undefined at the end, or where the last record was not written to its end. */
function recordAt(content: Buffer, at: number): { record: unknown; next: number } | undefined {
  if (content.length - at < headerBytes) return undefined;
  const next = at + headerBytes + content.readUInt32LE(at);
  if (next > content.length) return undefined;
  const record = content.subarray(at + headerBytes, next);
  if (record.length > 0 && crc32(record) === content.readUInt32LE(at + 4)) return { record: deserialize(record), next };
  if (content.subarray(at + headerBytes).every((byte) => byte === 0) || next === content.length) return undefined;
  throw new JournalError('a record of the journal is damaged');
}

/** In their order. A record that was being written when the process died was not answered, and counts as never written. */
export function recordsIn(content: Buffer): unknown[] {
  const records: unknown[] = [];
  for (let found = recordAt(content, 0); found !== undefined; found = recordAt(content, found.next)) records.push(found.record);
  return records;
}

export interface Journal {
  sizeBytes(): number;
  /** On the disk when it returns; throws and leaves nothing behind where that cannot be. */
  append(record: unknown): void;
  close(): void;
}

/** A new journal in place of the one that is there. */
export function beginJournal(file: string, first: unknown): Journal {
  const start = framed(first);
  replaceFile(file, start);
  const descriptor = openSync(file, 'r+');
  let sizeBytes = start.length;
  return {
    sizeBytes: () => sizeBytes,
    append(record) {
      const content = framed(record);
      try {
        writeAll(descriptor, content, sizeBytes);
      } catch (error) {
        ftruncateSync(descriptor, sizeBytes);
        throw error;
      }
      sizeBytes += content.length;
    },
    close: () => closeSync(descriptor),
  };
}
