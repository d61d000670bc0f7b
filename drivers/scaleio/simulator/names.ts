import { type RefusalSymbol, refuse } from './errors.ts';

const longestName = 31;

interface Named {
  id: string;
  name: string | null;
}

interface NameRule {
  name: string;
  /** Objects of the same type. */
  among: Iterable<Named>;
  inUse: RefusalSymbol;
  /** The object that gets the name, if it exists already. */
  owner?: string;
}

/** At most 31 printable ASCII characters without spaces, unique among the objects of one type. */
export function requireFreeName({ name, among, inUse, owner }: NameRule): void {
  if (name.length > longestName) throw refuse('LONG_NAME');
  if (!/^[\x21-\x7e]+$/.test(name)) throw refuse('INVALID_NAME');
  for (const other of among) {
    if (other.name === name && other.id !== owner) throw refuse(inUse);
  }
}
