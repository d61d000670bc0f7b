import { createHash } from 'node:crypto';

/** Deterministic ids: eight hex digits for array and type, eight that count. An id in `taken` is passed over. */
export function createIds(systemId: string, taken: ReadonlySet<string>): (type: string) => string {
  const used = new Map<string, number>();
  return function newId(type: string): string {
    const next = used.get(type) ?? 0;
    used.set(type, next + 1);
    const prefix = createHash('sha256').update(`${systemId}/${type}`).digest('hex').slice(0, 8);
    const id = prefix + next.toString(16).padStart(8, '0');
    return taken.has(id) ? newId(type) : id;
  };
}
