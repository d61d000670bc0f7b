export interface Entry {
  readonly dueAt: number;
  readonly run: () => void;
}

/** What is due when; entries of one moment leave in the order they came. */
export class TimerQueue {
  readonly #entries: Entry[] = [];

  add(entry: Entry): void {
    this.#entries.splice(this.#placeOf(entry.dueAt), 0, entry);
  }

  remove(entry: Entry): void {
    const index = this.#entries.indexOf(entry);
    if (index >= 0) this.#entries.splice(index, 1);
  }

  first(): Entry | undefined {
    return this.#entries[0];
  }

  /** Takes out the first entry that is due. */
  takeDue(now: number): Entry | undefined {
    const first = this.#entries[0];
    return first !== undefined && first.dueAt <= now ? this.#entries.shift() : undefined;
  }

  clear(): void {
    this.#entries.length = 0;
  }

  #placeOf(dueAt: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.dueAt ?? Number.POSITIVE_INFINITY) <= dueAt) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
