/** What the person who started the demo sees. With `--json` it goes to standard error, so that standard output is one JSON object. */
export interface Screen {
  /** A new part of the story. */
  chapter(title: string): void;
  line(text: string): void;
  /** Something that must be true. */
  seen(holds: boolean, sentence: string): void;
  table(rows: readonly (readonly string[])[]): void;
  readonly failures: readonly string[];
}

const pad = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
  );
};

export const createScreen = (write: (text: string) => void, colour: boolean): Screen => {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const failures: string[] = [];
  const line = (text: string): void => write(`  ${text}\n`);
  return {
    failures,
    line,
    chapter: (title) => write(`\n${paint(1, title)}\n`),
    seen(holds, sentence) {
      if (!holds) failures.push(sentence);
      line(`${holds ? paint(32, '✓') : paint(31, '✗')} ${sentence}`);
    },
    table: (rows) => {
      for (const text of pad(rows)) line(text);
    },
  };
};
