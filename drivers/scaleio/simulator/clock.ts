/** Wall clock that can be moved forward. */
export interface Clock {
  nowMs(): number;
  advance(seconds: number): void;
  /** How far it runs ahead of the wall clock. */
  aheadMs(): number;
}

export function createClock(wallMs: () => number = Date.now, startAheadMs = 0): Clock {
  let aheadMs = startAheadMs;
  return {
    nowMs: () => wallMs() + aheadMs,
    advance(seconds) {
      aheadMs += seconds * 1000;
    },
    aheadMs: () => aheadMs,
  };
}
