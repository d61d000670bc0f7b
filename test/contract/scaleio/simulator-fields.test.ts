import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';
import { type GatewayClient, open } from '../../unit/drivers/scaleio/simulator/client.ts';
import { recording } from './recordings.ts';
import { differences } from './shape.ts';
import { type Row, rows, unasked } from './simulator-rows.ts';

const meant = (value: unknown, only: Row['only']) => (only === undefined || !Array.isArray(value) ? value : value.filter(only));

const volumes = [{ id: '00000000000000a1', name: 'mapped', pool: 'pool1', sizeGb: 8, mappings: [{ sdc: 'host1' }] }];
const clients = new Map<ApiVersion, GatewayClient>();

beforeAll(async () => {
  for (const apiVersion of ['2.5', '3.6', '4.5'] as const) {
    const nvmeHosts = apiVersion === '4.5' ? [{ name: 'nvme1', nqn: 'nqn.2014-08.org.nvmexpress:uuid:one' }] : [];
    const peers = apiVersion === '2.5' ? [] : [{ name: '192.0.2.62', peerSystemId: '15dbbf5617523655' }];
    clients.set(apiVersion, await open({ apiVersion, seed: { ...defaultSeed, volumes, nvmeHosts, peers } }));
  }
});

afterAll(async () => {
  for (const client of clients.values()) await client.simulator.close();
});

function clientOf(version: ApiVersion): GatewayClient {
  const client = clients.get(version);
  if (client === undefined) throw new Error(`no simulator of ${version}`);
  return client;
}

describe('the simulator answers with the fields and types of the recordings', () => {
  it.each(rows)('$kind at $version is like $recording', async (row) => {
    const { body } = await row.ask(clientOf(row.version));
    const exceptions = {
      adds: Object.values(row.adds ?? {}).flat(),
      lacks: Object.values(row.lacks ?? {}).flat(),
      nullable: Object.values(row.nullable ?? {}).flat(),
    };
    expect(differences(meant(recording(row.recording), row.only), meant(body, row.only), exceptions)).toEqual([]);
  });

  it('System at 4.5 has every field of the recorded 4.x fragment, with its type', async () => {
    const { body } = await clientOf('4.5').get<Record<string, unknown>[]>('/api/types/System/instances');
    const recorded = recording('cinder/query_system_id_nqn_response.json');
    expect(differences(recorded, body, { adds: [], lacks: [] }).filter((text) => !text.endsWith('is not in the recording'))).toEqual([]);
  });

  it('no recording is left out without a reason', () => {
    const folder = new URL('../../../drivers/scaleio/fixtures/', import.meta.url);
    const files = ['csi-powerflex', 'cinder'].flatMap((name) => readdirSync(new URL(name, folder)).map((file) => `${name}/${file}`));
    const used = new Set([...rows.map((row) => row.recording), ...Object.keys(unasked)]);
    expect(files.filter((file) => !used.has(file))).toEqual([]);
  });
});
