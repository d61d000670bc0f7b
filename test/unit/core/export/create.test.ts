import { beforeEach, describe, expect, it } from 'vitest';
import { createExport, type ExportOrder } from '../../../../core/export/create.ts';
import { exportCreateSteps } from '../../../../statemachines/export-create/steps.ts';
import { exportOrder, madeAnswers, madeExport, pairRows, readAnswers } from '../../../support/block-exports.ts';
import { lastTask, listed, madeVolumes } from '../../../support/block-volumes.ts';
import {
  aHost,
  anInitiator,
  aProvider,
  asked,
  aVpool,
  aWorld,
  endStarted,
  hostIdOf,
  initiatorIdOf,
  otherProviderId,
  poolIdOf,
  projectId,
  startedOperation,
  stranger,
  tenantId,
  varrayId,
  vpoolId,
  type World,
} from '../../../support/block-world.ts';

let world: World;
let volumes: string[];
beforeEach(async () => {
  world = aWorld();
  volumes = await madeVolumes(world, { count: 2 });
});

const [host1, host2, initiator1] = [hostIdOf(1), hostIdOf(2), initiatorIdOf(1)];
const create = (patch: Partial<ExportOrder> = {}, request = asked()) => createExport(world.ports, request, exportOrder(patch));
const all = () => volumes.map((id) => ({ id }));
const groupIds = () => listed(world, `LIST#${projectId}#ExportGroup`);
const planned = () => startedOperation(world, exportCreateSteps).plan;
const calls = (step: string, learned = {}) => exportCreateSteps.steps[step]?.run(planned(), learned);

describe('exporting volumes', () => {
  it('stores the group, findable by project, host, initiator and volume, and locks it and its volumes', async () => {
    const answer = await create({ volumes: all() });
    const [id = ''] = groupIds();
    expect(answer).toMatchObject({ name: 'CREATE EXPORT GROUP', state: 'pending', resource: { id } });
    expect(world.row(id)).toMatchObject({ state: 'creating', hostIds: [host1], initiatorIds: [initiator1], volumes: all() });
    for (const scope of [host1, initiator1, ...volumes]) expect(listed(world, `LIST#${scope}#ExportGroup`)).toEqual([id]);
    for (const volume of volumes)
      expect(world.row(volume)).toMatchObject({ activeTaskId: world.row(id)?.['activeTaskId'], state: 'ready' });
    expect(pairRows(world, volumes[0] ?? '')).toEqual([]);
  });

  it('may start empty', async () => {
    await create({ hosts: [] });
    expect(calls('ReadExports')).toEqual([]);
    expect(calls('EnsureExports')).toEqual([]);
    await endStarted(world, exportCreateSteps, { how: 'commit', learned: { ReadExports: [] } });
    expect(world.row(groupIds()[0] ?? '')).toMatchObject({ state: 'ready', volumes: [] });
  });

  it('asks the array once for all volumes, to exactly the initiators of the host', async () => {
    world.put(aVpool({ iopsLimit: 500, bandwidthLimitMegabytesPerSecond: 2 }));
    await create({
      volumes: [
        { id: volumes[0] ?? '', lun: 5 },
        { id: volumes[1] ?? '', lun: -1 },
      ],
    });
    expect(calls('ReadExports')).toMatchObject([{ verb: 'readExports', input: { items: [{ ref: '0' }, { ref: '1' }] } }]);
    expect(calls('EnsureExports')).toMatchObject([
      {
        verb: 'ensureExports',
        input: {
          mode: 'exclusive',
          volumes: [
            { ref: '0', lun: 5, access: 'read-write', limits: { iops: 500, bandwidthBytesPerSecond: 2 * 1024 ** 2 } },
            { ref: '1' },
          ],
          hosts: [{ ref: host1, initiators: [{ ref: '0', type: 'sdc', id: 'sdc-1' }] }],
        },
      },
    ]);
    const [call] = calls('EnsureExports') ?? [];
    expect(call?.verb === 'ensureExports' && call.input.volumes[1]).not.toHaveProperty('lun');
  });

  it('tells the array which operating system each host runs, and Other of one that does not tell', async () => {
    world.put(aVpool({ sharedAccess: true }), aHost(2, { osType: '' }), anInitiator(3, { hostId: hostIdOf(3) }));
    await create({ volumes: all(), hosts: [host1, host2], initiators: [initiatorIdOf(3)] });
    const hosts = (calls('EnsureExports') ?? []).flatMap((call) => (call.verb === 'ensureExports' ? call.input.hosts : []));
    const told = new Map(hosts.map(({ ref, osType }) => [ref, osType]));
    expect([host1, host2, hostIdOf(3)].map((id) => told.get(id))).toEqual(['Linux', 'Other', 'Other']);
  });

  it.each([
    { host: 1, record: 'as its record has it', told: ['10.0.0.1', 'Linux'] },
    { host: 3, record: 'by its initiator where it has no record', told: ['sdc-8', 'Other'] },
  ])('names a host that has the volume already $record', async ({ host, told }) => {
    const only = { volumes: all().slice(0, 1), type: 'Initiator' as const, hosts: [] };
    for (const n of [8, 9]) world.put(anInitiator(n, { hostId: hostIdOf(host) }));
    await madeExport(world, { ...only, initiators: [initiatorIdOf(8)] });
    await create({ ...only, name: 'second', initiators: [initiatorIdOf(9)] });
    const [call] = calls('EnsureExports') ?? [];
    const hosts = call?.verb === 'ensureExports' ? call.input.hosts : [];
    expect(hosts.map(({ name, osType }) => [name, osType])).toEqual([told]);
  });

  it('records what the array made and how hosts get at it, and unlocks everything', async () => {
    const id = await madeExport(world, { volumes: all() });
    expect(world.row(id)).toMatchObject({ state: 'ready' });
    expect(lastTask(world, id)).toMatchObject({ state: 'ready' });
    for (const [n, volume] of volumes.entries()) {
      expect(world.row(volume)?.['activeTaskId']).toBeUndefined();
      expect(pairRows(world, volume)).toMatchObject([
        {
          groups: [id],
          origin: 'made',
          lun: n + 1,
          devicePath: `/dev/disk/${n}`,
          port: 'sdc-1',
          hostId: host1,
          version: 1,
          access: 'read-write',
        },
      ]);
    }
  });

  it('does not ask the array for a mapping that another group wants already', async () => {
    const first = await madeExport(world, { volumes: all() });
    const second = await madeExport(world, { name: 'web-2', volumes: all() });
    expect(calls('ReadExports')).toEqual([]);
    expect(calls('EnsureExports')).toEqual([]);
    expect(pairRows(world, volumes[0] ?? '')).toMatchObject([{ groups: [first, second], version: 2 }]);
  });

  it('lets several hosts have a volume where the virtual pool shares it, in one call for equal volumes', async () => {
    world.put(aVpool({ sharedAccess: true }));
    await create({ hosts: [host1, host2], volumes: all() });
    expect(calls('EnsureExports')).toMatchObject([
      { input: { mode: 'shared', volumes: [{}, {}], hosts: [{ ref: host1 }, { ref: host2 }] } },
    ]);
  });

  it('maps each volume only to what it lacks', async () => {
    world.put(aVpool({ sharedAccess: true }));
    await madeExport(world, { volumes: [{ id: volumes[0] ?? '' }] });
    await create({ name: 'both', hosts: [host1, host2], volumes: all() });
    const intents = (calls('EnsureExports') ?? []).flatMap((call) => (call.verb === 'ensureExports' ? [call.input] : []));
    expect(intents.map((intent) => [intent.volumes.map(({ ref }) => ref), intent.hosts.map(({ ref }) => ref)])).toEqual([
      [['0'], [host2]],
      [['1'], [host1, host2]],
    ]);
  });

  it('names what a host has already beside what it lacks, so that an exclusive volume is not refused its own host', async () => {
    const second = { ...anInitiator(1, { id: initiatorIdOf(9), name: 'sdc-9', port: 'sdc-9', node: 'node-9' }) };
    await madeExport(world, { volumes: all() });
    world.put(second);
    await create({ name: 'more', volumes: all() });
    expect(calls('EnsureExports')).toMatchObject([
      { input: { mode: 'exclusive', hosts: [{ ref: host1, initiators: [{ id: 'sdc-1' }, { id: 'sdc-9', nodeName: 'node-9' }] }] } },
    ]);
  });

  it('shows in a dry run which mappings would be made, and stores nothing', async () => {
    const before = world.rows.dump();
    await expect(create({ volumes: all() }, asked({ dryRun: true }))).resolves.toMatchObject({
      plan: {
        mappings: [{ action: 'map', initiator: { port: 'sdc-1' } }, { action: 'map' }],
        calls: [
          { verb: 'readExports', items: 2 },
          { verb: 'ensureExports', undo: 'ensureExportsAbsent', items: 2 },
        ],
      },
    });
    expect(world.rows.dump()).toBe(before);
  });
});

describe('a mapping that was there before', () => {
  it('is recorded as found', async () => {
    await madeExport(world, { volumes: all() }, { 0: ['sdc-1', 'sdc-77'], 1: ['sdc-77'] });
    expect(pairRows(world, volumes[0] ?? '')).toMatchObject([{ origin: 'found' }]);
    expect(pairRows(world, volumes[1] ?? '')).toMatchObject([{ origin: 'made' }]);
  });

  it('is not touched by an undo, which takes back all else that was planned', async () => {
    await create({ volumes: all() });
    const { undo } = exportCreateSteps.steps['EnsureExports'] ?? {};
    const learn = (before: Record<number, string[]>) => ({
      ReadExports: exportCreateSteps.steps['ReadExports']?.learn?.(readAnswers(before), planned()),
    });
    expect(undo?.(planned(), learn({ 0: ['sdc-1'], 1: [] }), {})).toMatchObject([
      { verb: 'ensureExportsAbsent', input: { items: [{ ref: '1 0', initiator: { type: 'sdc', id: 'sdc-1' } }] } },
    ]);
    expect(undo?.(planned(), learn({ 0: ['sdc-1'], 1: ['sdc-1'] }), {})).toEqual([]);
    expect(undo?.(planned(), learn({}), {})).toMatchObject([{ input: { items: [{}, {}] } }]);
  });

  it('is safe from an undo that does not know what was there, since nothing was mapped then', async () => {
    await create({ volumes: all() });
    expect(exportCreateSteps.steps['EnsureExports']?.undo?.(planned(), {}, {})).toEqual([]);
  });
});

describe('an export that failed', () => {
  it('leaves no group, no mapping and no lock, and frees the name', async () => {
    await create({ volumes: all() });
    const [id = ''] = groupIds();
    await endStarted(world, exportCreateSteps, { how: 'rollBack', failure: { code: 'object.inUse', message: 'mapped elsewhere' } });
    expect(world.row(id)).toMatchObject({ inactive: true, state: 'deleted', volumes: [] });
    expect(lastTask(world, id)).toMatchObject({ state: 'error', serviceError: { details: 'mapped elsewhere' } });
    for (const scope of [projectId, host1, initiator1, ...volumes]) expect(listed(world, `LIST#${scope}#ExportGroup`)).toEqual([]);
    for (const volume of volumes) {
      expect(world.row(volume)?.['activeTaskId']).toBeUndefined();
      expect(pairRows(world, volume)).toEqual([]);
    }
    await madeExport(world, { volumes: all() });
  });

  it('writes nothing once it lost its lock', async () => {
    await create({ volumes: all() });
    const row = world.row(groupIds()[0] ?? '');
    if (row) world.rows.seed('Inventory', [{ ...row, activeTaskId: 'another' }]);
    const answers = madeAnswers(planned());
    await expect(endStarted(world, exportCreateSteps, { how: 'commit', answers })).rejects.toMatchObject({ code: 'resource.changed' });
  });
});

describe('an export that cannot be', () => {
  const refused = async (patch: Partial<ExportOrder>, [code, text]: [string, string], request = asked()) => {
    const before = world.rows.dump();
    await expect(create(patch, request)).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
    expect(world.rows.dump()).toBe(before);
  };

  it('refuses clusters, and hosts in a group of initiators', async () => {
    await refused({ clusters: ['c'] }, ['export.unsupported', 'clusters: ']);
    await refused({ type: 'Cluster' }, ['export.unsupported', 'type: ']);
    await refused({ type: 'Initiator' }, ['request.parameterInvalid', 'hosts: ']);
  });

  it('refuses a second host for a volume that is not shared, and says where that is allowed', async () => {
    await refused({ hosts: [host1, host2], volumes: all() }, ['export.unsupported', '(shared_access)']);
    await madeExport(world, { volumes: all() });
    await refused({ name: 'other', hosts: [host2], volumes: all() }, ['export.unsupported', 'read-write to 2 hosts']);
  });

  it.each([
    ['of another array', { providerId: otherProviderId }, 'belongs to another array than the volume'],
    ['that its array does not let in', { approved: false }, 'is not approved on its array'],
    ['that discovery has lost', { visibility: 'not-visible', notVisibleSince: '2026-01-01' }, 'since 2026-01-01'],
    ['that discovery has just lost', { visibility: 'not-visible' }, 'since its last run'],
  ] as const)('refuses an initiator %s', async (_, patch, text) => {
    world.put(anInitiator(1, patch));
    await refused({ volumes: all() }, ['export.unsupported', text]);
    await refused({ volumes: all(), hosts: [], initiators: [initiator1], type: 'Initiator' }, ['export.unsupported', text]);
  });

  it('refuses a host without initiators', async () => {
    world.put(aHost(5));
    await refused({ hosts: [hostIdOf(5)] }, ['request.parameterInvalid', 'hosts: the host 10.0.0.5 has no initiators']);
  });

  it('refuses volumes of another virtual array, and those a task works on', async () => {
    const row = world.row(volumes[0] ?? '');
    if (row) world.rows.seed('Inventory', [{ ...row, varrayId: 'elsewhere' }]);
    await refused({ volumes: all() }, ['request.parameterInvalid', 'volumes: the volume data-1 lies in the virtual array elsewhere']);
    if (row) world.rows.seed('Inventory', [{ ...row, activeTaskId: 'urn:t' }]);
    await refused({ volumes: all() }, ['resource.busy', 'urn:t']);
  });

  it('refuses while the provider is frozen', async () => {
    world.put(aProvider({ operations: 'frozen' }));
    await refused({ volumes: all() }, ['operations.frozen', 'frozen']);
  });

  it('refuses when a volume lies in what is gone from the records', async () => {
    for (const id of [poolIdOf(1), vpoolId]) {
      const row = world.row(id);
      await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: id, sk: 'RESOURCE' } }]);
      await refused({ volumes: all() }, ['resource.inUse', `${id}, which is gone`]);
      if (row) world.rows.seed('Inventory', [row]);
    }
  });

  it('refuses a name that is taken, and finds nothing of another tenant', async () => {
    await madeExport(world, {});
    await refused({}, ['resource.nameTaken', '"web"']);
    await refused({ name: 'x' }, ['resource.referenceNotFound', ''], asked({ principal: stranger }));
  });

  it('takes a volume that is named twice once', async () => {
    await create({ volumes: [...all(), ...all()] });
    expect(world.row(groupIds()[0] ?? '')).toMatchObject({ volumes: all(), tenantId, varrayId });
  });
});
