const numbersOf = (text: string): readonly number[] => (text.match(/\d+/g) ?? []).map(Number);

/** Compares the numbers in two versions from left to right; a number that is not there is 0: `3.6-700.103` is at least `3.6`. */
export const isVersionAtLeast = (version: string, wanted: string): boolean => {
  const [have, want] = [numbersOf(version), numbersOf(wanted)];
  for (let index = 0; index < Math.max(have.length, want.length); index += 1) {
    const difference = (have[index] ?? 0) - (want[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
};
