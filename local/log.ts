import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

export interface HostLog {
  /** Appends one line of a part, JSON or plain, unless its level is below the log's. */
  write(part: string, line: string): void;
  close(): Promise<void>;
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

/** The log of the host and its functions, one JSON object a line. A log above 20 MB is put aside as `.1` when it is opened. */
export function openLog(file: string, level: LogLevel = 'INFO'): HostLog {
  if (existsSync(file) && statSync(file).size > ROTATE_BYTES) renameSync(file, `${file}.1`);
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  return {
    write(part, line) {
      const fields = fieldsOf(line);
      const known = levels.indexOf(String(fields['level']).toUpperCase());
      if (known >= 0 && known < levels.indexOf(level)) return;
      stream.write(`${JSON.stringify({ part, ...fields })}\n`);
    },
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}
