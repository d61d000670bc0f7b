/** ULIDs as places in time: their first ten characters are the milliseconds, in base 32. */

export const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const timeCharacters = 10;

/** Sorts before every ULID of this and later milliseconds, and after all of earlier ones. */
export const ulidFloor = (epochMs: number): string =>
  Array.from({ length: timeCharacters }, (_, n) => crockford[Math.floor(epochMs / 32 ** (timeCharacters - 1 - n)) % 32]).join('');

/** Epoch milliseconds of a ULID, or of a floor. */
export const ulidTimeMs = (ulid: string): number =>
  [...ulid.slice(0, timeCharacters)].reduce((ms, character) => ms * 32 + crockford.indexOf(character), 0);
