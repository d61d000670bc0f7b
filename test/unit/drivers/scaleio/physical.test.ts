import { describe, expect, it } from 'vitest';
import { readPhysicalPage } from '../../../../drivers/scaleio/physical-walk.ts';
import { arrayRefuses, fakeGateway, systemId } from '../../../support/fake-gateway.ts';

const id = (digit: number) => String(digit).repeat(16);
const atOnce = { scope: 'physical', limit: 1000 } as const;
const counts = { numOfThickBaseVolumes: 0, numOfThinBaseVolumes: 0, numOfSnapshots: 0 };

const sdc = { id: id(6), name: 'h', sdcGuid: 'G', mdmConnectionState: 'Connected', sdcIp: '10.0.0.9' };
const nvme = { id: id(7), name: 'n', hostType: 'NVMeHost', nqn: 'nqn.a' };

const world = (changed: Readonly<Record<string, unknown>> = {}) => ({
  'ProtectionDomain/instances': [{ id: id(2), name: 'pd', protectionDomainState: 'Active' }],
  'StoragePool/instances/action': { [id(3)]: counts },
  'StoragePool/instances': [{ id: id(3), name: 'p', protectionDomainId: id(2), mediaType: 'SSD' }],
  'Sds/instances': [{ id: id(4), name: 's', protectionDomainId: id(2), ipList: [], mdmConnectionState: 'Connected', sdsState: 'Normal' }],
  'Sdc/instances': [sdc],
  'Host/instances': [nvme],
  'Sdt/instances': [],
  'relationships/Statistics': { numOfProtectionDomains: 1, numOfStoragePools: 1, numOfSds: 1, numOfSdc: 1 },
  'System/instances': [{ id: systemId, mdmCluster: { clusterState: 'ClusteredNormal' } }],
  ...changed,
});

const read = (changed: Readonly<Record<string, unknown>> = {}, version = '4.5') => {
  const answers = Object.entries(world(changed));
  const { gateway, calls } = fakeGateway({ version, answer: (path) => answers.find(([part]) => path.includes(part))?.[1] });
  return readPhysicalPage(gateway, atOnce).then((page) => ({ page, calls }));
};

describe('everything but volumes', () => {
  it('is complete when the array counts what it lists', async () => {
    const { page } = await read();
    expect(page).toMatchObject({ complete: true, systems: [{ name: 'pd' }], pools: [{ name: 'p' }], ports: [{ name: 's' }] });
    expect(page.hosts.map(({ nativeId }) => nativeId)).toEqual([id(6), id(7)]);
  });

  it.each(['numOfProtectionDomains', 'numOfStoragePools', 'numOfSds', 'numOfSdc'])('is not complete when %s is another', async (count) => {
    const told = { ...world()['relationships/Statistics'], [count]: 9 };
    expect((await read({ 'relationships/Statistics': told })).page.complete).toBe(false);
  });

  it('may count NVMe hosts among the SDCs, or not, and may not count at all', async () => {
    const told = { ...world()['relationships/Statistics'], numOfSdc: 2 };
    expect((await read({ 'relationships/Statistics': told })).page.complete).toBe(true);
    expect((await read({ 'relationships/Statistics': {} })).page.complete).toBe(true);
  });

  it('lists an NVMe host once that stands in both lists, and neither asks for them nor for targets before 4.0', async () => {
    expect((await read({ 'Sdc/instances': [sdc, nvme] })).page.hosts).toHaveLength(2);
    const { calls } = await read({}, '3.6');
    expect(calls.filter((path) => /Host|Sdt/.test(path))).toEqual([]);
  });

  it('is not complete when the management of the array changed in between', async () => {
    const degraded = [{ id: systemId, mdmCluster: { clusterState: 'ClusteredDegraded' } }];
    expect((await read({ 'System/instances': degraded })).page.complete).toBe(false);
  });

  it('is to be asked again when a pool has no statistics yet', async () => {
    await expect(read({ 'StoragePool/instances/action': {} })).rejects.toMatchObject({ name: 'DriverBusy' });
  });

  it('is refused when the array does not tell what is in a pool', async () => {
    await expect(read({ 'StoragePool/instances/action': { [id(3)]: {} } })).rejects.toMatchObject({ code: 'array.answerUnreadable' });
  });
});

describe('the thin capacity of a pool before 3.0', () => {
  it('is read under the name that some releases misspell', async () => {
    const { gateway } = fakeGateway({
      version: '2.5',
      answer: (path, body) => {
        const found = Object.entries(world()).find(([part]) => path.includes(part))?.[1];
        if (!path.endsWith('querySelectedStatistics')) return found;
        const { properties } = body as { properties: readonly string[] };
        if (properties.includes('thinCapacityAllocatedInKb')) throw arrayRefuses();
        return { [id(3)]: { ...counts, ...(properties.includes('thinCapacityAllocatedInKm') ? { thinCapacityAllocatedInKm: 2048 } : {}) } };
      },
    });
    expect((await readPhysicalPage(gateway, atOnce)).pools).toMatchObject([{ subscribedBytes: 1024 ** 2 }]);
  });
});
