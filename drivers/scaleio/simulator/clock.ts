/** Wall clock that can be moved forward. */
export interface Clock {
  nowMs(): number;
  advance(seconds: number): void;
}

export function createClock(wallMs: () => number = Date.now): Clock {
  let aheadMs = 0;
  return {
    nowMs: () => wallMs() + aheadMs,
    advance(seconds) {
      aheadMs += seconds * 1000;
    },
  };
}
