import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';

/** Appended bytes after which the journal asks to be rewritten. */
const REWRITE_AFTER_BYTES = 64 * 1024 * 1024;

/**
 * An append-only file of JSON lines. A line is with the operating system when `append` returns, so it survives the death of the process
 * (not of the machine). Lines that cannot be read, such as a torn last one, are left out.
 */
export class Journal {
  readonly #path: string;
  #file: number | undefined;
  #appendedBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  read(): unknown[] {
    if (!existsSync(this.#path)) return [];
    return readFileSync(this.#path, 'utf8').split('\n').flatMap(parseLine);
  }

  append(record: unknown): void {
    this.#file ??= openSync(this.#path, 'a', 0o600);
    this.#appendedBytes += writeSync(this.#file, `${JSON.stringify(record)}\n`);
  }

  /** Whether enough was appended since the last rewrite to make one worthwhile. */
  isLong(): boolean {
    return this.#appendedBytes > REWRITE_AFTER_BYTES;
  }

  /** Replaces the whole content; a crash leaves either the old or the new one. */
  rewrite(records: readonly unknown[]): void {
    const replacement = `${this.#path}.new`;
    writeFileSync(replacement, records.map((record) => `${JSON.stringify(record)}\n`).join(''), { mode: 0o600 });
    this.close();
    renameSync(replacement, this.#path);
    this.#appendedBytes = 0;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

const parseLine = (line: string): unknown[] => {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
};
