import type { ItemAnswer } from '../verbs.ts';
import type { Bench } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { isDone, isOpen } from './expect.ts';
import type { Effect } from './target.ts';

/** A change of one thing, that may be asked for again. */
export interface Change {
  ask(): Promise<ItemAnswer<unknown>>;
  /** What is true once it was done, exactly once. */
  holds?(): Promise<unknown>;
}

export interface LostAnswer extends Pick<ConformanceCase, 'capability'> {
  /** What the driver does, such as `removes a volume in the end`. */
  does: string;
  /** Whose answer is lost. */
  effect: Effect;
  /** With `made`, a change that cannot be told from one that was done before. */
  repeated?: 'made' | 'found';
  begin(bench: Bench): Promise<Change>;
}

/** An answer that is lost before or after the effect leaves the change open; asked for again it is done, and was done once. */
export const lostAnswerCases = ({ does, capability, effect, repeated = 'found', begin }: LostAnswer): readonly ConformanceCase[] =>
  (['before', 'after'] as const).map((when) => ({
    name: `${does} when the answer is lost ${when} the effect`,
    capability,
    needs: ['faults'],
    async run(bench) {
      const change = await begin(bench);
      await bench.faults.loseAnswer(effect, when);
      isOpen(await change.ask());
      isDone(await change.ask(), when === 'after' ? repeated : 'made');
      await change.holds?.();
    },
  }));
