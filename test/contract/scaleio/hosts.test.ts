import { afterEach, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';
import { type Bench, committed, only, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import { exportIntent } from '../../../drivers/sdk/conformance/export-bench.ts';
import type { InitiatorType, ObservedVolume } from '../../../drivers/sdk/model.ts';
import type { ItemAnswer, ObservedExport } from '../../../drivers/sdk/verbs.ts';
import { type StartedTarget, startTarget } from '../../support/scaleio-target.ts';

const nqn = 'nqn.2014-08.org.nvmexpress:uuid:c470396a-2a3b-48ad-9c22-d3811fe1036d';
const guid = '9e56672f-2f4b-4a42-bff4-88b6846fbf02';

let target: StartedTarget;
let bench: Bench;

const start = async (apiVersion: ApiVersion): Promise<void> => {
  const nvmeHosts = apiVersion === '4.5' ? [{ name: 'nvme1', nqn }] : [];
  target = await startTarget({ apiVersion, seed: { ...defaultSeed, nvmeHosts } });
  bench = await openBench(target);
};
afterEach(() => target.simulator.close());

interface To {
  type: InitiatorType;
  id: string;
}

const intentTo = (volume: ObservedVolume, initiator: To, limits = {}) => {
  const intent = exportIntent(bench, [volume], { limits });
  return { ...intent, hosts: intent.hosts.map((host) => ({ ...host, initiators: [{ ref: 'initiator0', ...initiator }] })) };
};

const map = async (volume: ObservedVolume, initiator: To, limits = {}): Promise<ItemAnswer<ObservedExport>> => {
  const { items } = await bench.output<{ items: readonly ItemAnswer<ObservedExport>[] }>(
    'ensureExports',
    intentTo(volume, initiator, limits),
  );
  return only(items);
};

const unmap = (volume: ObservedVolume, initiator: To) =>
  bench.items('ensureExportsAbsent', { items: [{ ref: 'unmap', volume: committed(volume), initiator }] });

const lastChange = () => target.simulator.log.changes().at(-1);

describe('an NVMe host of 4.x', () => {
  it('is found with its NQN, has volumes mapped and limited by it, and unmapped again', async () => {
    await start('4.5');
    expect(bench.hosts.flatMap(({ initiators }) => initiators)).toContainEqual(expect.objectContaining({ type: 'nvme-tcp', id: nqn }));
    const volume = await bench.make();
    const initiator = { type: 'nvme-tcp', id: nqn } as const;
    const mapped = await map(volume, initiator, { iops: 20 });
    expect(mapped).toMatchObject({
      outcome: 'made',
      observed: { limits: { iops: 20 }, connection: { kind: 'nvme-tcp', attributes: { hostNqn: nqn, systemNqn: expect.any(String) } } },
    });
    expect(target.simulator.log.changes().some(({ verb }) => verb === 'addMappedHost')).toBe(true);
    expect(await map(volume, initiator)).toMatchObject({ outcome: 'found' });
    expect(only(await bench.named(volume.name)).mappings).toMatchObject([{ initiatorType: 'nvme-tcp', initiatorId: nqn }]);
    expect(await unmap(volume, initiator)).toMatchObject([{ outcome: 'made' }]);
    expect(lastChange()?.verb).toBe('removeMappedHost');
    expect(await unmap(volume, initiator)).toMatchObject([{ outcome: 'found' }]);
  });

  it('that the array does not know is refused', async () => {
    await start('4.5');
    const answer = await map(await bench.make(), { type: 'nvme-tcp', id: 'nqn.unknown' });
    expect(answer).toMatchObject({ status: 'rejected', error: { code: 'object.missing' } });
  });

  it('is refused before 4.0, naming the release that has it', async () => {
    await start('3.6');
    const volume = await bench.make();
    const refused = { status: 'rejected', error: { code: 'capability.missing', facts: { since: '4.0' } } };
    expect(await map(volume, { type: 'nvme-tcp', id: nqn })).toMatchObject(refused);
    expect(await unmap(volume, { type: 'nvme-tcp', id: nqn })).toMatchObject([refused]);
  });

  it('is registered once, and its name is no other host’s', async () => {
    await start('4.5');
    const intent = (id: string, name: string) => ({ ref: 'h', name, osType: 'Linux', initiators: [{ type: 'nvme-tcp' as const, id }] });
    expect(await bench.items('ensureHosts', { items: [intent('nqn.new', 'nvme1')] })).toMatchObject([
      { error: { code: 'object.foreign' } },
    ]);
    target.simulator.addFault({ match: { verb: 'create' }, effect: 'error', error: { errorCode: 103 } });
    expect(await bench.items('ensureHosts', { items: [intent('nqn.new', 'fresh')] })).toMatchObject([
      { error: { code: 'object.foreign' } },
    ]);
    expect(await bench.items('ensureHosts', { items: [intent('nqn.new', 'fresh')] })).toMatchObject([{ outcome: 'made' }]);
  });

  it('is not removed while a volume is mapped to it', async () => {
    await start('4.5');
    const initiators = [{ type: 'nvme-tcp', id: nqn }] as const;
    const nativeId = bench.hosts.find(({ name }) => name === 'nvme1')?.nativeId ?? '';
    await map(await bench.make(), initiators[0]);
    const items = [{ ref: 'h', host: { nativeId, expectedName: 'nvme1', initiators } }];
    expect(await bench.items('ensureHostsAbsent', { items })).toMatchObject([{ status: 'rejected', error: { code: 'object.inUse' } }]);
  });
});

describe('a host that cannot be registered', () => {
  const initiatorsOf = (...ids: readonly string[]) => ids.map((id) => ({ type: 'sdc' as const, id }));
  const ensure = async (initiators: readonly To[]) =>
    only(await bench.items('ensureHosts', { items: [{ ref: 'h', name: 'h', osType: 'Linux', initiators }] }));

  it('is an SDC that the array has not seen: it registers itself', async () => {
    await start('3.6');
    expect(await ensure(initiatorsOf('00000000deadbeef'))).toMatchObject({ status: 'rejected', error: { code: 'object.missing' } });
  });

  it('is one of another kind, or with several initiators', async () => {
    await start('4.5');
    const invalid = { status: 'rejected', error: { code: 'request.invalid' } };
    expect(await ensure([{ type: 'fc', id: '10:00:00:00:c9:00:00:01' }])).toMatchObject(invalid);
    expect(await ensure(['a', 'b'].map((id) => ({ type: 'nvme-tcp', id: `nqn.${id}` })))).toMatchObject(invalid);
  });

  it('is one whose initiators are those of several hosts, or of which the array knows only some', async () => {
    await start('3.6');
    const [one = '', other = ''] = bench.hosts.map(({ nativeId }) => nativeId);
    for (const ids of [
      [one, other],
      [one, '00000000deadbeef'],
    ]) {
      expect(await ensure(initiatorsOf(...ids))).toMatchObject({ status: 'rejected', error: { code: 'object.foreign' } });
    }
  });

  it('or removed: an SDC, whatever is recorded of it', async () => {
    await start('3.6');
    const [host] = bench.hosts;
    const recorded = { nativeId: host?.nativeId ?? '', expectedName: 'host1', initiators: initiatorsOf(host?.nativeId ?? '') };
    expect(await bench.items('ensureHostsAbsent', { items: [{ ref: 'h', host: recorded }] })).toMatchObject([
      { status: 'rejected', error: { code: 'object.drifted' } },
    ]);
  });
});

describe('an SDC', () => {
  it('may be named by its GUID, in any case, to map, to limit and to unmap', async () => {
    await start('3.6');
    const volume = await bench.make();
    const initiator = { type: 'sdc', id: guid } as const;
    const mapped = await map(volume, initiator);
    expect(mapped).toMatchObject({
      outcome: 'made',
      observed: { connection: { attributes: { sdcId: expect.stringMatching(/^[0-9a-f]{16}$/) } } },
    });
    const limit = { ref: 'l', volume: committed(volume), limits: { iops: 11 }, initiators: [initiator] };
    expect(await bench.items('ensureVolumeLimits', { items: [limit] })).toMatchObject([{ outcome: 'made' }]);
    expect(await unmap(volume, initiator)).toMatchObject([{ outcome: 'made' }]);
  });

  it('is neither mapped nor unmapped by anything but an id or a GUID', async () => {
    await start('3.6');
    const volume = await bench.make();
    const invalid = { status: 'rejected', error: { code: 'request.invalid' } };
    expect(await map(volume, { type: 'sdc', id: '192.0.2.11' })).toMatchObject(invalid);
    expect(await unmap(volume, { type: 'sdc', id: 'host1' })).toMatchObject([invalid]);
  });

  it('without a mapping has no limits to set', async () => {
    await start('3.6');
    const item = {
      ref: 'l',
      volume: committed(await bench.make()),
      limits: { iops: 11 },
      initiators: [{ type: 'sdc' as const, id: guid }],
    };
    expect(await bench.items('ensureVolumeLimits', { items: [item] })).toMatchObject([
      { status: 'rejected', error: { code: 'object.missing' } },
    ]);
  });

  it('whose limits the array did not take although it said so leaves them open', async () => {
    await start('3.6');
    const volume = await bench.make();
    await map(volume, { type: 'sdc', id: guid });
    target.simulator.addFault({ match: { verb: 'setMappedSdcLimits' }, effect: 'garbage', garbage: 'empty', when: 'before' });
    const item = { ref: 'l', volume: committed(volume), limits: { iops: 11 }, initiators: [{ type: 'sdc' as const, id: guid }] };
    expect(await bench.items('ensureVolumeLimits', { items: [item] })).toMatchObject([{ status: 'uncertain' }]);
  });
});
