type Close = () => unknown;

export interface Closers {
  add(close: Close): void;
  close(): Promise<void>;
}

/**
 * What was opened last is closed first, once, whoever asks and however often. What fails to close keeps nothing else open; the first
 * such failure is thrown at the end.
 */
export function closing(): Closers {
  const opened: Close[] = [];
  const failures: unknown[] = [];
  let ending: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (let next = opened.pop(); next !== undefined; next = opened.pop()) {
      await Promise.resolve()
        .then(next)
        .catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    add: (close) => void opened.push(close),
    close() {
      ending ??= closeAll();
      return ending;
    },
  };
}
