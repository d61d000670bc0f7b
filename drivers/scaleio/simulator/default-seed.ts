import type { SeedInput } from './seed-schema.ts';

const numbers = [1, 2, 3];
const pools = ['pool1', 'pool2'];

/** One domain, two zero-padded pools of 10.8 TiB net, three SDSs, three connected SDCs, no volumes. */
export const defaultSeed: SeedInput = {
  systemId: '3f2a91c45b7d6e08',
  name: 'simulated',
  installId: '1c078b073d75512c',
  domains: [{ name: 'pd1' }],
  pools: pools.map((name) => ({ name, domain: 'pd1' })),
  sdss: numbers.map((number) => ({ name: `sds${number}`, domain: 'pd1', ips: [`192.0.2.${100 + number}`] })),
  devices: numbers.flatMap((number) => pools.map((pool) => ({ sds: `sds${number}`, pool, capacityGb: 8192 }))),
  sdcs: numbers.map((number) => ({
    name: `host${number}`,
    guid: `9E56672F-2F4B-4A42-BFF4-88B6846FBF0${number}`,
    ips: [`192.0.2.${10 + number}`],
  })),
  sdts: [1, 2].map((number) => ({ name: `sdt${number}`, domain: 'pd1', ips: [`192.0.2.${200 + number}`] })),
};
