/** A page is at most 4 MB of JSON; what surrounds the list takes its share. */
const largestPageBytes = 3_500_000;

/** As many of the first as fit one page, and at least one. */
export const pageOf = <T>(items: readonly T[], limit: number): readonly T[] => {
  const page: T[] = [];
  let sizeBytes = 0;
  for (const item of items.slice(0, limit)) {
    sizeBytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (sizeBytes > largestPageBytes && page.length > 0) break;
    page.push(item);
  }
  return page;
};
