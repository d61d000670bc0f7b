import { closeSync, existsSync, fstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { type OnStorageFailure, storageCodeOf } from './storage-failure.ts';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

export interface HostLog {
  /** Appends one line of a part, JSON or plain, unless its level is below the log's. */
  write(part: string, line: string): void;
  /** What is written afterwards is lost. */
  close(): void;
}

const levels: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'];
const ROTATE_BYTES = 20 * 1024 * 1024;

function fieldsOf(line: string): Record<string, unknown> {
  if (!line.startsWith('{')) return { level: 'INFO', message: line };
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return { level: 'INFO', message: line };
    throw error;
  }
}

export interface LogOptions {
  readonly level?: LogLevel | undefined;
  readonly onStorageFailure?: OnStorageFailure;
}

/**
 * The log of the host and its functions, one JSON object a line. Above 20 MB it is put aside as `.1`, in place of the one before.
 * A line that cannot be written is lost, and `onStorageFailure` is told why.
 */
export function openLog(file: string, { level = 'INFO', onStorageFailure }: LogOptions = {}): HostLog {
  let descriptor: number | undefined;
  let sizeBytes = 0;

  function open(): number {
    const isFull = existsSync(file) && statSync(file).size > ROTATE_BYTES;
    if (isFull) renameSync(file, `${file}.1`);
    const opened = openSync(file, 'a', 0o600);
    sizeBytes = fstatSync(opened).size;
    return opened;
  }

  function close(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  }

  function append(line: string): void {
    if (sizeBytes > ROTATE_BYTES) {
      close();
      descriptor = open();
    }
    if (descriptor !== undefined) sizeBytes += writeSync(descriptor, line);
  }

  descriptor = open();
  return {
    write(part, line) {
      const fields = fieldsOf(line);
      const known = levels.indexOf(String(fields['level']).toUpperCase());
      if (descriptor === undefined || (known >= 0 && known < levels.indexOf(level))) return;
      try {
        append(`${JSON.stringify({ part, ...fields })}\n`);
      } catch (error) {
        if (storageCodeOf(error) === undefined) throw error;
        onStorageFailure?.(error);
      }
    },
    close,
  };
}
