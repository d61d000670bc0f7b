const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

const fnv = (text: string, start: number): number => {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), fnvPrime);
  return hash;
};

/** Spreads every bit of the input over all bits of the output (the finalizer of MurmurHash3). */
const mixed = (hash: number): number => {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
};

/** Between 0 and 1, neither of them. */
const fraction = (hash: number): number => (mixed(hash) + 0.5) / 2 ** 32;

/**
 * One of the choices, each as often as its weight says over many seeds, and always the same for the same seed and choices. Taking a choice
 * away moves only the seeds that drew it (weighted rendezvous hashing). Undefined without choices.
 */
export const draw = <T>(
  seed: string,
  choices: readonly T[],
  describe: (choice: T) => { readonly name: string; readonly weight: number },
): T | undefined => {
  const start = fnv(seed, fnvOffset);
  let drawn: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const choice of choices) {
    const { name, weight } = describe(choice);
    const score = -Math.log(fraction(fnv(name, start))) / weight;
    if (score < least || drawn === undefined) [drawn, least] = [choice, score];
  }
  return drawn;
};
