const mostKept = 3;

/** What walks are in the middle of, kept by this process so that their next pages cost no calls. */
export interface Kept<T> {
  get(walk: string, read: () => Promise<T>): Promise<T>;
  drop(walk: string): void;
}

/** The oldest of more than three is forgotten, and read again when it is asked for. */
export const keep = <T>(): Kept<T> => {
  const walks = new Map<string, T>();
  return {
    async get(walk, read) {
      const known = walks.get(walk);
      if (known !== undefined) return known;
      const fresh = await read();
      walks.set(walk, fresh);
      for (const oldest of [...walks.keys()].slice(0, -mostKept)) walks.delete(oldest);
      return fresh;
    },
    drop: (walk) => void walks.delete(walk),
  };
};
