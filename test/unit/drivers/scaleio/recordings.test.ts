import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  createdWire,
  poolStatisticsWire,
  poolWire,
  sdcWire,
  sdtWire,
  snapshotsTakenWire,
  systemCountsWire,
  systemLimitsWire,
  volumeWire,
} from '../../../../drivers/scaleio/wire.ts';
import {
  nvmeHostWire,
  nvmeSystemWire,
  peerMdmWire,
  systemStatisticsWire,
  volumeStatisticsWire,
} from '../../../../drivers/scaleio/wire-other.ts';
import { bearerWire, errorWire, systemWire } from '../../../../drivers/scaleio/wire-session.ts';

const folder = join(import.meta.dirname, '../../../../drivers/scaleio/fixtures');

const schemas: Readonly<Record<string, readonly z.ZodType[]>> = {
  'csi-powerflex/authorization_failure.json': [errorWire],
  'csi-powerflex/create_nvme_host.json': [createdWire],
  'csi-powerflex/create_snapshot.json': [snapshotsTakenWire],
  'csi-powerflex/get_all_sdt.json': [z.array(sdtWire)],
  'csi-powerflex/get_peer_mdms.json': [z.array(peerMdmWire)],
  'csi-powerflex/get_sdc_instances.json': [z.array(sdcWire)],
  'csi-powerflex/get_storage_pool_instances.json': [z.array(poolWire)],
  'csi-powerflex/get_storage_pool_statistics.json': [poolStatisticsWire],
  'csi-powerflex/get_system_instances.json': [z.array(systemWire)],
  'csi-powerflex/get_system_limits.json': [systemLimitsWire],
  'csi-powerflex/get_system_statistics.json': [systemStatisticsWire, systemCountsWire],
  'csi-powerflex/get_volume_statistics.json': [volumeStatisticsWire],
  'cinder/query_hosts_response.json': [z.array(nvmeHostWire), z.array(sdcWire)],
  'cinder/query_sdc_by_id_response.json': [sdcWire],
  'cinder/query_sdc_instances_response.json': [z.array(sdcWire)],
  'cinder/query_sdc_volumes_response.json': [z.array(volumeWire)],
  'cinder/query_sdts_response.json': [z.array(sdtWire)],
  'cinder/query_system_id_nqn_response.json': [z.array(nvmeSystemWire), z.array(systemWire)],
};

const template = 'csi-powerflex/volume.json.template';

const recorded = ['csi-powerflex', 'cinder'].flatMap((source) => readdirSync(join(folder, source)).map((file) => `${source}/${file}`));

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

const filled = (values: Readonly<Record<string, string>>): unknown =>
  JSON.parse(Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`__${name}__`, value), read(template)));

const placeholders = {
  ID: '72cee42500000003',
  NAME: 'v1',
  SIZE_IN_KB: '8388608',
  ANCESTOR_ID: '72cee42500000001',
  CONSISTENCY_GROUP_ID: 'f30216fb00000001',
  MAPPED_SDC_INFO: 'null',
  VOLUME_REPLICATION_STATE: 'UnmarkedForReplication',
};

describe('what real gateways answered', () => {
  it('is held against a schema, file by file', () => {
    expect([...Object.keys(schemas), template].sort()).toEqual(recorded.sort());
  });

  it.each(Object.entries(schemas))('%s is read whole', (file, wires) => {
    for (const wire of wires) expect(wire.safeParse(JSON.parse(read(file))).error).toBeUndefined();
  });

  it('is read from the volume template once its placeholders are filled', () => {
    expect(volumeWire.parse(filled(placeholders))).toMatchObject({
      id: placeholders.ID,
      sizeInKb: 8388608,
      volumeType: 'ThickProvisioned',
      ancestorVolumeId: placeholders.ANCESTOR_ID,
      mappedSdcInfo: null,
    });
  });

  it('holds, in that template, two known defects: a misspelt group id, and texts where null belongs', () => {
    expect(filled(placeholders)).toHaveProperty('consistencyGroupID');
    expect(volumeWire.parse(filled(placeholders)).consistencyGroupId).toBeUndefined();
    expect(volumeWire.safeParse(filled({ ...placeholders, ANCESTOR_ID: 'null' })).success).toBe(false);
  });

  it('of a bearer login is read for its tokens', () => {
    expect(bearerWire.parse({ access_token: 'a', refresh_token: 'r', expires_in: 300 })).toEqual({ access_token: 'a', refresh_token: 'r' });
  });
});
