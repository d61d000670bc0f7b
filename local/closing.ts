type Close = () => unknown;

/** What was opened last is closed first. */
export function closing(): { add(close: Close): void; close(): Promise<void> } {
  const opened: Close[] = [];
  return {
    add: (close) => void opened.push(close),
    async close() {
      for (let next = opened.pop(); next !== undefined; next = opened.pop()) await next();
    },
  };
}
