import type { SeedInput } from '../../drivers/scaleio/simulator/seed-schema.ts';

/**
 * Two arrays that others already use: volumes of their own, some named much like ours, one of them mapped to the host that the demo
 * will export to, and a volume with snapshots and a snapshot of a snapshot.
 */

const numbers = [1, 2, 3];
const pools = ['pool1', 'pool2'];

const foreignVolumes = (host: string): SeedInput['volumes'] => [
  { name: 'oracle-redo', pool: 'pool1', sizeGb: 64, thick: true, mappings: [{ sdc: host }], content: 'redo logs' },
  { name: 'p-not-ours', pool: 'pool1', sizeGb: 16 },
  { name: 'pdemo00-1234567890123456789012', pool: 'pool2', sizeGb: 8, content: 'a name like ours, not ours' },
  { name: 'demo-1', pool: 'pool2', sizeGb: 8 },
  { name: 'mail', pool: 'pool2', sizeGb: 128, content: 'mail' },
  { name: 'mail-monday', ancestor: 'mail' },
  { name: 'mail-tuesday', ancestor: 'mail' },
  { name: 'mail-tuesday-test', ancestor: 'mail-tuesday' },
];

export interface DemoSeed {
  readonly apiVersion: string;
  readonly seed: SeedInput;
}

const seed = (systemId: string, name: string, network: string): SeedInput => ({
  systemId,
  name,
  domains: [{ name: 'pd1' }],
  pools: pools.map((pool) => ({ name: pool, domain: 'pd1' })),
  sdss: numbers.map((n) => ({ name: `${name}-sds${n}`, domain: 'pd1', ips: [`${network}.${100 + n}`] })),
  devices: numbers.flatMap((n) => pools.map((pool) => ({ sds: `${name}-sds${n}`, pool, capacityGb: pool === 'pool1' ? 8192 : 4096 }))),
  sdcs: numbers.map((n) => ({
    name: `${name}-host${n}`,
    guid: `9E56672F-2F4B-4A42-BFF4-${systemId.slice(0, 11).toUpperCase()}${n}`,
    ips: [`${network}.${10 + n}`],
  })),
  volumes: foreignVolumes(`${name}-host1`),
});

export const demoSeeds: readonly DemoSeed[] = [
  { apiVersion: '3.6', seed: seed('3f2a91c45b7d6e08', 'north', '192.0.2') },
  { apiVersion: '4.5', seed: seed('7c11d0a2e94f3b56', 'south', '198.51.100') },
];
