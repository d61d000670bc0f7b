/**
 * The host's time as a few numbers in shared memory, so that every worker thread reads it without asking. One writer, many readers: the
 * version is odd while the writer is at work, and a reader tries again until it has seen one even version throughout.
 */

export interface Anchor {
  /** Monotonic milliseconds of the machine at which `virtualMs` was true. */
  realMs: number;
  /** Epoch milliseconds of the host's clock. */
  virtualMs: number;
  /** Milliseconds of the host's clock in one real millisecond. */
  rate: number;
}

const VERSION = 0;
const NUMBERS_OFFSET_BYTES = 8;
const NUMBERS = 3;

/** Monotonic milliseconds, the same in every thread of this machine. */
export const monotonicMs = (): number => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
};

export const allocateTime = (): SharedArrayBuffer => new SharedArrayBuffer(NUMBERS_OFFSET_BYTES + NUMBERS * Float64Array.BYTES_PER_ELEMENT);

export const writeAnchor = (buffer: SharedArrayBuffer, anchor: Anchor): void => {
  const version = new Int32Array(buffer, 0, 1);
  Atomics.add(version, VERSION, 1);
  new Float64Array(buffer, NUMBERS_OFFSET_BYTES, NUMBERS).set([anchor.realMs, anchor.virtualMs, anchor.rate]);
  Atomics.add(version, VERSION, 1);
};

export const readAnchor = (buffer: SharedArrayBuffer): Anchor => {
  const version = new Int32Array(buffer, 0, 1);
  const numbers = new Float64Array(buffer, NUMBERS_OFFSET_BYTES, NUMBERS);
  for (;;) {
    const before = Atomics.load(version, VERSION);
    const [realMs = 0, virtualMs = 0, rate = 1] = numbers;
    if (before % 2 === 0 && before === Atomics.load(version, VERSION)) return { realMs, virtualMs, rate };
  }
};

/** Epoch milliseconds of the host's clock, whole as `Date.now()` is. */
export const readNow = (buffer: SharedArrayBuffer): number => {
  const { realMs, virtualMs, rate } = readAnchor(buffer);
  return Math.floor(virtualMs + (monotonicMs() - realMs) * rate);
};
