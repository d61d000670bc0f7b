const mostKept = 3;

/** Long lists that walks are in the middle of, kept by this process so that their next pages cost no calls. */
export interface Kept<T> {
  get(walk: string, read: () => Promise<readonly T[]>): Promise<readonly T[]>;
  drop(walk: string): void;
}

/** The oldest of more than three lists is forgotten, and read again when it is asked for. */
export const keep = <T>(): Kept<T> => {
  const lists = new Map<string, readonly T[]>();
  return {
    async get(walk, read) {
      const known = lists.get(walk);
      if (known !== undefined) return known;
      const list = await read();
      lists.set(walk, list);
      for (const oldest of [...lists.keys()].slice(0, -mostKept)) lists.delete(oldest);
      return list;
    },
    drop: (walk) => void lists.delete(walk),
  };
};
