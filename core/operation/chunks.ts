/** Resources that are accepted, or ended, in one transaction; an operation on more of them goes in chunks of so many. */
export const mostTogether = 12;

/** Resources of one order. */
export const mostOrdered = 100;

/** Writes that one transaction takes. */
export const transactionLimit = 100;

/** As many, less what the operation's own row and shared counters need. */
export const mostWrites = 90;

/** Packs what must stay together into as few chunks as fit; nothing is ever split. */
export const packed = <T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  { most = mostTogether, writes = mostWrites }: { readonly most?: number; readonly writes?: number } = {},
): T[][] => {
  const chunks: { items: T[]; size: number }[] = [];
  for (const item of items) {
    const size = sizeOf(item);
    const last = chunks.at(-1);
    if (last && last.items.length < most && last.size + size <= writes) {
      last.items.push(item);
      last.size += size;
    } else chunks.push({ items: [item], size });
  }
  return chunks.map((chunk) => chunk.items);
};
