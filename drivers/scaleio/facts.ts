/**
 * What one session learned of the array and need not ask again: the account, the limits, how a pool lays out its blocks, which
 * statistics the release has. None of it changes while the array runs one release, and a new session learns it anew.
 */
export interface Facts {
  /** Gives what is known under the name, or reads it; a reading that failed is forgotten. */
  once<T>(name: string, read: () => Promise<T>): Promise<T>;
}

export const newFacts = (): Facts => {
  const known = new Map<string, Promise<unknown>>();
  return {
    once<T>(name: string, read: () => Promise<T>): Promise<T> {
      const there = known.get(name);
      if (there !== undefined) return there as Promise<T>;
      const reading = read();
      known.set(name, reading);
      reading.catch(() => known.delete(name));
      return reading;
    },
  };
};
