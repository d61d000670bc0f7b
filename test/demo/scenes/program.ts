import type { Screen } from '../screen.ts';

/** What one scene took. */
export interface SceneFigures {
  readonly scene: string;
  readonly seenTrue: boolean;
  readonly milliseconds: number;
  /** By the host's own clock. */
  readonly hostSeconds: number;
}

/** The scenes that were played, numbered and timed. */
export class Program {
  readonly played: SceneFigures[] = [];
  readonly #screen: Screen;
  #now: () => number = Date.now;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** The host's clock from here on. */
  setClock(now: () => number): void {
    this.#now = now;
  }

  async play<T>(scene: string, run: () => Promise<T>): Promise<T> {
    const [since, hostSince, failures] = [performance.now(), this.#now(), this.#screen.failures.length];
    this.#screen.chapter(`${this.played.length + 1}. ${scene}`);
    const result = await run();
    this.played.push({
      scene,
      seenTrue: this.#screen.failures.length === failures,
      milliseconds: Math.round(performance.now() - since),
      hostSeconds: Math.round((this.#now() - hostSince) / 100) / 10,
    });
    return result;
  }
}

/** Columns a person reads. */
export const sceneTable = (scenes: readonly SceneFigures[]): string[][] => [
  ['scene', 'seen', 'time', "by the host's clock"],
  ...scenes.map(({ scene, seenTrue, milliseconds, hostSeconds }) => [
    scene,
    seenTrue ? 'true' : 'NOT TRUE',
    `${milliseconds} ms`,
    `${hostSeconds.toFixed(1)} s`,
  ]),
];
