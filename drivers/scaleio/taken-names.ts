import * as z from 'zod';
import { objectCount } from './capacity.ts';
import type { Gateway } from './gateway.ts';
import { findIdByName } from './lookup.ts';
import { poolCounts } from './pool-statistics.ts';
import { unlessRefused } from './refusal.ts';
import { largestListing } from './volume-listings.ts';
import { idWire } from './wire.ts';

/** The native id of the volume that has a name, if one has. */
export type FindId = (name: string) => Promise<string | undefined>;

/** Fewer names are looked up one by one. */
const fewNames = 20;

/** To list so many volumes costs the array no more than to look for one name. */
const listedForALook = 50;

const namedWire = z.array(z.object({ id: idWire, name: z.string().nullish() }));

const listNames = async (gateway: Gateway): Promise<ReadonlyMap<string, string>> =>
  new Map((await gateway.get(namedWire, '/api/types/Volume/instances')).flatMap(({ id, name }) => (name ? [[name, id] as const] : [])));

const isWorthListing = async (gateway: Gateway, names: number): Promise<boolean> => {
  if (names < fewNames) return false;
  const counts = await unlessRefused(poolCounts(gateway), undefined);
  if (!counts?.size) return false;
  const objects = [...counts.values()].reduce((sum, figures) => sum + objectCount(figures), 0);
  return objects <= Math.min(largestListing, names * listedForALook);
};

/** One call for each name, or two for all of them where there are many and the array holds few volumes. */
export const finderOf = async (gateway: Gateway, names: number): Promise<FindId> => {
  if (!(await isWorthListing(gateway, names))) return (name) => findIdByName(gateway, name);
  const taken = await listNames(gateway);
  return async (name) => taken.get(name);
};
