import { createHash } from 'node:crypto';
import { SeedError, type SeedInput } from './seed-schema.ts';

export interface Counts {
  /** Volumes and snapshots together. */
  volumes: number;
  sdcs: number;
  sds: number;
}

const most: Counts = { volumes: 131072, sdcs: 2048, sds: 512 };
const least: Counts = { volumes: 0, sdcs: 1, sds: 3 };
const usual: Counts = { volumes: 100, sdcs: 10, sds: 3 };

const isName = (name: string): name is keyof Counts => name in most;

function countIn(part: string): Partial<Counts> {
  const [, name = '', digits = ''] = /^(\w+)=(\d+)$/.exec(part.trim()) ?? [];
  if (!isName(name)) throw new SeedError(`${part} is none of ${Object.keys(most).join(', ')} with a number, such as volumes=10000`);
  const count = Number(digits);
  if (count < least[name] || count > most[name]) throw new SeedError(`${part} must be from ${least[name]} to ${most[name]}`);
  return { [name]: count };
}

/** Reads `volumes=10000,sdcs=1000,sds=200`; what is left out is small. Throws `SeedError`. */
export const countsIn = (text: string): Counts => Object.assign({ ...usual }, ...text.split(',').map(countIn));

/** Numbers below `limit`, the same for the same words. */
function pick(limit: number, ...words: readonly (string | number)[]): number {
  return createHash('sha256').update(words.join('/')).digest().readUInt32BE() % limit;
}

const sdssPerDomain = 100;
const poolsPerDomain = 4;
const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const padded = (prefix: string, number: number) => `${prefix}${String(number).padStart(6, '0')}`;
const domainOf = (sds: number) => `pd${Math.ceil(sds / sdssPerDomain)}`;
const address = (network: number, number: number) => `10.${network}.${number >> 8}.${number & 255}`;

const poolNames = (domain: string) => range(poolsPerDomain).map((number) => `${domain}-pool${number}`);

function machines({ sdcs, sds }: Counts): Pick<SeedInput, 'domains' | 'pools' | 'sdss' | 'devices' | 'sdcs' | 'sdts'> {
  // The last domain needs three SDSs, too.
  const domains = [...new Set(range(Math.max(1, sds - 2)).map(domainOf))];
  const home = (number: number) => (domains.includes(domainOf(number)) ? domainOf(number) : `pd${domains.length}`);
  return {
    domains: domains.map((name) => ({ name })),
    pools: domains.flatMap((domain) => poolNames(domain).map((name) => ({ name, domain }))),
    sdss: range(sds).map((number) => ({ name: padded('sds', number), domain: home(number), ips: [address(1, number)] })),
    devices: range(sds).flatMap((number) =>
      poolNames(home(number)).map((pool) => ({ sds: padded('sds', number), pool, capacityGb: 7168 })),
    ),
    sdcs: range(sdcs).map((number) => ({
      ...{ name: padded('host', number), ips: [address(2, number)], connected: pick(50, 'connected', number) > 0 },
      guid: `9E56672F-2F4B-4A42-BFF4-${number.toString(16).toUpperCase().padStart(12, '0')}`,
    })),
    sdts: domains.map((domain, index) => ({ name: `${domain}-sdt`, domain, ips: [address(3, index + 1)] })),
  };
}

type VolumeSeed = NonNullable<SeedInput['volumes']>[number];

/** Three of four are mapped, some of them to two hosts, and do I/O. */
function use(number: number, { sdcs }: Counts): Pick<VolumeSeed, 'mappings' | 'io'> {
  const kind = pick(100, 'use', number);
  if (kind >= 75) return {};
  const first = pick(sdcs, 'host', number) + 1;
  const hosts = kind < 5 && sdcs > 1 ? [first, (first % sdcs) + 1] : [first];
  return {
    mappings: hosts.map((host) => ({ sdc: padded('host', host) })),
    io: { readIops: pick(400, 'read', number), writeIops: pick(200, 'write', number), ioSizeInKb: 4 << pick(5, 'size', number) },
  };
}

const snapshotEvery = 5;
const usedPart = (sizeGb: number, number: number) => pick(sizeGb * 1024, 'used', number) * 1024;
const creationTime = (number: number) => 1_700_000_000 + number * 60;

/** Every fifth is a snapshot of the volume before it. */
function volumeOf(number: number, pools: readonly string[], counts: Counts): VolumeSeed {
  const name = padded(number % snapshotEvery === 0 ? 'snap' : 'vol', number);
  if (number % snapshotEvery === 0) return { name, ancestor: padded('vol', number - 1), creationTime: creationTime(number) };
  const thick = pick(10, 'thick', number) === 0;
  const sizeGb = 8 * (1 + pick(thick ? 4 : 16, 'gb', number));
  const place = { name, thick, sizeGb, pool: pools[pick(pools.length, 'pool', number)] ?? '', creationTime: creationTime(number) };
  return { ...place, usedInKb: usedPart(sizeGb, number), ...use(number, counts) };
}

/** An array of that size, with mappings and I/O: the same counts give the same array. */
export function generateSeed(counts: Counts): SeedInput {
  const base = machines(counts);
  const pools = base.domains.flatMap(({ name }) => poolNames(name));
  return { ...base, name: 'generated', volumes: range(counts.volumes).map((number) => volumeOf(number, pools, counts)) };
}
