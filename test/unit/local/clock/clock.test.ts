import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AcceleratedTime, createClock, type HostClock } from '../../../../local/clock/clock.ts';

const HOUR_MS = 3_600_000;

const accelerated = (time: Partial<AcceleratedTime> = {}) => {
  const clock = createClock({ mode: 'accelerated', rate: 0, skipIdle: false, startAt: 1_000_000, ...time });
  onTestFinished(() => clock.close());
  return clock;
};

describe('a clock that is advanced', () => {
  it('stands still until it is', async () => {
    const clock = accelerated();
    expect(clock.now()).toBe(1_000_000);
    await clock.advance(HOUR_MS);
    expect(clock.now()).toBe(1_000_000 + HOUR_MS);
  });

  it('runs what is due, in order of time and then of asking, each at its own time', async () => {
    const clock = accelerated();
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.now() - 1_000_000]);
    clock.after(3000, note('late'));
    clock.after(1000, note('first'));
    clock.after(1000, note('second'));
    clock.after(9000, note('beyond'));
    await clock.advance(5000);
    expect(ran).toEqual([
      ['first', 1000],
      ['second', 1000],
      ['late', 3000],
    ]);
  });

  it('runs what is set on the way, also after a promise', async () => {
    const clock = accelerated();
    const at: number[] = [];
    const loop = async () => {
      for (let round = 0; round < 3; round += 1) {
        await clock.sleep(1000);
        at.push(clock.now() - 1_000_000);
      }
    };
    const done = loop();
    await clock.advance(HOUR_MS);
    await done;
    expect(at).toEqual([1000, 2000, 3000]);
  });

  it('forgets a cancelled timer', async () => {
    const clock = accelerated();
    let ran = false;
    clock
      .after(1000, () => {
        ran = true;
      })
      .cancel();
    await clock.advance(HOUR_MS);
    expect(ran).toBe(false);
  });

  it('moves on even if a timer sets itself again without delay', async () => {
    const clock = accelerated();
    let rounds = 0;
    const again = () => {
      rounds += 1;
      clock.after(0, again);
    };
    clock.after(0, again);
    await clock.advance(10);
    expect(rounds).toBe(10);
  });
});

describe('an accelerated clock', () => {
  it('runs at its rate', async () => {
    const clock = accelerated({ rate: 100_000 });
    const before = clock.now();
    await clock.sleep(HOUR_MS);
    const tookMs = clock.now() - before;
    expect(tookMs).toBeGreaterThanOrEqual(HOUR_MS);
    expect(tookMs).toBeLessThan(24 * HOUR_MS);
  });

  it('jumps to the next timer when nothing is busy', async () => {
    const clock = accelerated({ rate: 1, skipIdle: true });
    const realBefore = Date.now();
    await clock.sleep(HOUR_MS);
    await clock.sleep(24 * HOUR_MS);
    expect(clock.now()).toBeGreaterThanOrEqual(1_000_000 + 25 * HOUR_MS);
    expect(Date.now() - realBefore).toBeLessThan(5000);
  });

  it('does not jump while anything is busy, and does so afterwards', async () => {
    const clock = accelerated({ rate: 1, skipIdle: true });
    const release = clock.busy();
    const releaseOther = clock.busy();
    let slept = false;
    const sleep = clock.sleep(HOUR_MS).then(() => {
      slept = true;
    });
    release();
    release();
    const realBefore = Date.now();
    while (Date.now() - realBefore < 60) await turn();
    expect(slept).toBe(false);
    releaseOther();
    await sleep;
    expect(clock.now()).toBeGreaterThanOrEqual(1_000_000 + HOUR_MS);
  });
});

describe('a clock that is held', () => {
  const held = () => {
    const clock = accelerated({ rate: 0, skipIdle: true });
    const letGo = clock.hold();
    const ran: string[] = [];
    clock.after(HOUR_MS, () => ran.push('first'));
    clock.after(2 * HOUR_MS, () => ran.push('second'));
    return { clock, letGo, ran };
  };
  const idleOf = (clock: HostClock): number => clock.idle() ?? Number.NaN;
  const realMs = async (ms: number) => {
    const before = performance.now();
    while (performance.now() - before < ms) await turn();
  };

  it('skips nothing by itself, and one timer at each step', async () => {
    const { clock, letGo, ran } = held();
    await realMs(60);
    expect(ran).toEqual([]);
    expect(clock.step(idleOf(clock))).toBe(true);
    expect(ran).toEqual(['first']);
    expect(clock.now()).toBe(1_000_000 + HOUR_MS);
    await realMs(60);
    expect(ran).toEqual(['first']);
    letGo();
    letGo();
    await realMs(60);
    expect(ran).toEqual(['first', 'second']);
    expect(clock.step(idleOf(clock))).toBe(false);
  });

  it('is not idle while anything is in flight, nor right afterwards', async () => {
    const { clock } = held();
    const release = clock.busy();
    await realMs(40);
    expect(clock.idle()).toBeUndefined();
    release();
    expect(clock.idle()).toBeUndefined();
    await realMs(40);
    expect(clock.idle()).toBeDefined();
  });

  it('does not step when anything was in flight since it was idle', async () => {
    const { clock, ran } = held();
    await realMs(40);
    const idle = idleOf(clock);
    clock.busy()();
    await realMs(40);
    expect(clock.step(idle)).toBe(false);
    expect(clock.step(idleOf(clock))).toBe(true);
    expect(ran).toEqual(['first']);
  });
});

describe('a real clock', () => {
  it('is the machine’s, runs its timers and cannot be advanced', async () => {
    const clock = createClock({ mode: 'real' });
    onTestFinished(() => clock.close());
    const before = Date.now();
    await clock.sleep(5);
    expect(clock.now()).toBeGreaterThanOrEqual(before + 4);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
    await expect(clock.advance(1)).rejects.toThrow('cannot be advanced');
  });
});
