import { refuse, unknownResource } from './errors.ts';
import { familyOf } from './families.ts';
import type { ArrayState } from './model.ts';
import { findPool } from './pools.ts';

/** Clients encode names in addresses once or twice; both mean the same. */
function decodeTwice(text: string): string {
  return decode(decode(text));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

function poolId(array: ArrayState, key: string): string {
  const comma = key.indexOf(',');
  const pool = findPool(array, { protectionDomainId: key.slice(0, comma), name: decodeTwice(key.slice(comma + 1)) });
  if (pool === undefined) throw refuse('NOT_FOUND');
  return pool.id;
}

type LegacyQuery = (array: ArrayState, key: string) => unknown;

function idByName(array: ArrayState, type: string, key: string): string {
  const found = familyOf(array, type).idByName(array, decodeTwice(key));
  if (found === undefined) throw refuse('NOT_FOUND');
  return found;
}

const sdcIdByIp: LegacyQuery = (array, key) => [...array.sdcs.values()].find((sdc) => sdc.ips.includes(decodeTwice(key)))?.id ?? null;

/** Short type names of the first generation, still in use: `/api/types/Domain/instances/getByName::{name}`. */
const legacyQueries: Record<string, LegacyQuery> = {
  'Domain getByName': (array, key) => idByName(array, 'ProtectionDomain', key),
  'Pool getByName': poolId,
  'Volume getByName': (array, key) => idByName(array, 'Volume', key),
  'Client getByIp': sdcIdByIp,
};

export function runLegacyQuery(array: ArrayState, { type, query, key }: { type: string; query: string; key: string }): unknown {
  const run = legacyQueries[`${type} ${query}`];
  if (run === undefined) throw unknownResource(`${type} ${query}`);
  return run(array, key);
}
