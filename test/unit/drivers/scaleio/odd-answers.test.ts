import { describe, expect, it } from 'vitest';
import { ensureCopies } from '../../../../drivers/scaleio/copies.ts';
import { checkMaintenance } from '../../../../drivers/scaleio/maintenance.ts';
import { migrateVolumes } from '../../../../drivers/scaleio/migrate.ts';
import { readVTree } from '../../../../drivers/scaleio/migration-state.ts';
import { ensureHosts, ensureHostsAbsent } from '../../../../drivers/scaleio/registered-hosts.ts';
import type { Run } from '../../../../drivers/scaleio/run.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';
import { arrayRefuses, fakeGateway } from '../../../support/fake-gateway.ts';

const id = (digit: number) => String(digit).repeat(16);
const at = '2026-01-01T00:00:00.000Z';
const absent = () => new DriverError('none', { outcome: 'DriverRejected', code: 'object.missing', nativeCode: '79' });

type Answer = (path: string) => unknown;

const runOf = (answer: Answer, version = '3.6'): Run => ({
  gateway: fakeGateway({ version, answer }).gateway,
  limits: { atOnce: 1, startUntil: 1, now: () => 0 },
});

/** Answers by the first part of a path that fits; an error is thrown. */
const world =
  (answers: Readonly<Record<string, unknown>>): Answer =>
  (path) => {
    const [, answer] = Object.entries(answers).find(([part]) => path.includes(part)) ?? [];
    if (answer instanceof Error) throw answer;
    return answer;
  };

const volume = {
  ...{ id: id(1), name: 'v', sizeInKb: 8388608, storagePoolId: id(3), volumeType: 'ThinProvisioned' },
  creationTime: Date.parse(at) / 1000,
};
const recorded = {
  ...{ kind: 'committed' as const, nativeId: id(1), expectedName: 'v', createdAt: at },
  ...{ sizeBytes: 8 * 1024 ** 3, poolNativeId: id(3) },
};

describe('an array that tells of fewer copies than were asked for', () => {
  const copies = ['a', 'b'].map((ref) => ({ ref, name: ref, source: recorded, access: 'read-write' as const }));
  const answers = {
    queryIdByKey: absent(),
    'Volume::': volume,
    querySystemLimits: { systemLimitEntryList: [] },
    snapshotVolumes: { volumeIdList: [id(5)], snapshotGroupId: id(9) },
  };

  it('leaves all of them open', async () => {
    const answer = await ensureCopies(runOf(world(answers)), { copies, together: true, observe: () => null });
    expect(answer.items.map(({ status }) => status)).toEqual(['uncertain', 'uncertain']);
  });

  it('or does not know them when asked, leaves them open too', async () => {
    const unknown = { ...answers, snapshotVolumes: { volumeIdList: [id(5), id(6)], snapshotGroupId: id(9) }, queryBySelectedIds: [] };
    const answer = await ensureCopies(runOf(world(unknown)), { copies, together: true, observe: () => null });
    expect(answer.items.map(({ status }) => status)).toEqual(['uncertain', 'uncertain']);
  });
});

describe('a volume without a tree', () => {
  it('is not moved', async () => {
    const items = [{ ref: 'a', volume: recorded, targetPoolNativeId: id(4), movesWith: [] }];
    expect(await migrateVolumes(runOf(world({ 'Volume::': volume })), { items })).toMatchObject({
      items: [{ status: 'rejected', error: { code: 'object.drifted', facts: { field: 'tree' } } }],
    });
  });
});

describe('a tree', () => {
  it('that is gone is absent, and one that cannot be read is not', async () => {
    expect(await readVTree(runOf(world({ VTree: absent() })).gateway, id(8))).toBeUndefined();
    await expect(readVTree(runOf(world({ VTree: arrayRefuses() })).gateway, id(8))).rejects.toMatchObject({ code: 'request.invalid' });
  });
});

describe('a server in a state of maintenance that nobody published', () => {
  it('is to be asked again', async () => {
    const sds = { id: id(4), name: 's', protectionDomainId: id(2), ipList: [], maintenanceState: 'Dreaming' };
    const items = [{ ref: 'a', component: { type: 'port' as const, nativeId: id(4), expectedName: 's' } }];
    expect(await checkMaintenance(runOf(world({ Sds: [sds] })), { items })).toMatchObject({ items: [{ status: 'busy' }] });
  });
});

describe('a system in which hardly anything is well', () => {
  it('names all that speaks against taking a server out of service', async () => {
    const sds = { id: id(4), name: null, protectionDomainId: id(2), ipList: [] };
    const counts = { numOfThickBaseVolumes: 0, numOfThinBaseVolumes: 0, numOfSnapshots: 0 };
    const answers = {
      'Sds/instances': [sds],
      'ProtectionDomain/instances': [],
      'StoragePool/instances/action': { [id(3)]: { ...counts, degradedHealthyCapacityInKb: 2, failedCapacityInKb: 2 } },
      'StoragePool/instances': [
        { id: id(3), protectionDomainId: id(2) },
        { id: id(5), protectionDomainId: id(2) },
      ],
    };
    const system = { mdmCluster: { clusterState: 'ClusteredDegraded' } };
    const { gateway } = fakeGateway({ system, answer: world(answers) });
    const items = [{ ref: 'a', component: { type: 'port' as const, nativeId: id(4), expectedName: id(4) } }];
    const answer = await checkMaintenance({ gateway, limits: { atOnce: 1, startUntil: 1, now: () => 0 } }, { items });
    expect(answer.items[0]?.observed?.blockers.map(({ code }) => code)).toEqual([
      ...['cluster.degraded', 'system.inactive', 'port.unhealthy', 'ports.tooFew', 'pool.degraded', 'pool.unavailable'],
    ]);
  });
});

describe('a host', () => {
  const intent = { ref: 'a', name: 'h', osType: 'Linux', initiators: [{ type: 'nvme-tcp' as const, id: 'nqn.a' }] };
  const none = { 'Sdc/instances': [], 'Host/instances': [] };

  it('that the array refuses to make is refused', async () => {
    let lists = 0;
    const answer: Answer = (path) => {
      if (path.startsWith('/api/types/Host') && lists > 0) throw arrayRefuses('array.refused');
      if (path.startsWith('/api/types/Host')) lists += 1;
      return [];
    };
    expect(await ensureHosts(runOf(answer, '4.5'), { items: [intent] })).toMatchObject({
      items: [{ status: 'rejected', error: { code: 'array.refused' } }],
    });
  });

  it('that was made and is not there leaves it open', async () => {
    let asked = 0;
    const answer: Answer = (path) => {
      asked += path.startsWith('/api/types/Host') ? 1 : 0;
      return asked === 2 && path.startsWith('/api/types/Host') ? { id: id(7) } : [];
    };
    expect(await ensureHosts(runOf(answer, '4.5'), { items: [intent] })).toMatchObject({ items: [{ status: 'uncertain' }] });
  });

  it('without an initiator is none', async () => {
    expect(await ensureHosts(runOf(world(none), '4.5'), { items: [{ ...intent, initiators: [] }] })).toMatchObject({
      items: [{ status: 'rejected', error: { code: 'request.invalid' } }],
    });
  });

  it('of the recorded name and another NQN is not removed', async () => {
    const nvme = { id: id(7), name: 'h', hostType: 'NVMeHost', nqn: 'nqn.b' };
    const host = { nativeId: id(7), expectedName: 'h', initiators: intent.initiators };
    const items = [{ ref: 'a', host }];
    expect(await ensureHostsAbsent(runOf(world({ ...none, 'Host/instances': [nvme] }), '4.5'), { items })).toMatchObject({
      items: [{ status: 'rejected', error: { code: 'object.drifted' } }],
    });
  });
});
