import type { Capability } from '../capability-verbs.ts';
import type { ArrayIdentity, HostComponent, ObservedVolume } from '../model.ts';
import type { BatchAnswer, ItemAnswer } from '../verbs.ts';
import { allVolumes, type Client, clientOf, committed, only } from './bench.ts';
import { accessModes } from './copy-bench.ts';
import { allPhysical } from './inventory-pages.ts';
import { type ConformanceTarget, NotOffered, type Outsider } from './target.ts';

const done = <Observed>({ items }: BatchAnswer<Observed>): ItemAnswer<Observed> => {
  const item = only(items);
  if (item.status !== 'done') throw new Error(`somebody else was refused: ${JSON.stringify(item)}`);
  return item;
};

const found = async (client: Client, nativeId: string): Promise<ObservedVolume> => {
  const volume = (await allVolumes(client)).find((one) => one.nativeId === nativeId);
  if (volume === undefined) throw new Error(`there is no volume ${nativeId}`);
  return volume;
};

const hostOf = async (client: Client, initiatorId: string): Promise<HostComponent> => {
  const { hosts } = await allPhysical(client);
  const host = hosts.find(({ initiators }) => initiators.some(({ id }) => id === initiatorId));
  if (host === undefined) throw new Error(`there is no initiator ${initiatorId}`);
  return host;
};

const mapShared = async (client: Client, volume: ObservedVolume, initiatorId: string): Promise<void> => {
  const { name, osType, addresses, initiators } = await hostOf(client, initiatorId);
  const [type] = initiators.flatMap((initiator) => (initiator.id === initiatorId ? [initiator.type] : []));
  const host = { ref: 'host', name, osType, addresses, initiators: [{ ref: 'initiator', type, id: initiatorId }] };
  const intent = {
    volumes: [{ ref: 'volume', volume: committed(volume), access: 'read-write', limits: {} }],
    hosts: [host],
    targets: { recommended: [], available: [] },
    paths: { min: 1, max: 1, perInitiator: 1 },
    mode: 'shared',
  };
  done(await client.output<BatchAnswer<unknown>>('ensureExports', intent));
};

const unmapAll = async (client: Client, volume: ObservedVolume, initiatorId: string): Promise<void> => {
  for (const { initiatorType, initiatorId: id } of volume.mappings.filter((mapping) => mapping.initiatorId === initiatorId)) {
    const items = [{ ref: 'unmap', volume: committed(volume), initiator: { type: initiatorType, id } }];
    done(await client.output<BatchAnswer<unknown>>('ensureExportsAbsent', { items }));
  }
};

const remove = async (client: Client, volume: ObservedVolume): Promise<void> => {
  const isSnapshot = volume.kind === 'snapshot';
  const items = [{ ref: 'remove', [isSnapshot ? 'snapshot' : 'volume']: committed(volume) }];
  done(await client.output<BatchAnswer<unknown>>(isSnapshot ? 'ensureSnapshotsAbsent' : 'ensureVolumesAbsent', { items }));
};

/** Somebody else with the same driver, which remembers nothing from one request to the next. */
export const outsiderThrough = (target: ConformanceTarget): Outsider => {
  const client = clientOf(target);
  const need = (capability: Capability): void => {
    if (!target.declaration.capabilities.includes(capability))
      throw new NotOffered(`nobody else has the means: ${capability} is not declared`);
  };
  const made = async (verb: string, item: object): Promise<string> =>
    done(await client.output<BatchAnswer<ObservedVolume>>(verb, { items: [item] })).nativeId ?? '';
  return {
    createVolume: (volume) => made('ensureVolumes', { ref: 'foreign', ...volume }),
    async renameVolume(nativeId, newName) {
      need('volume.rename');
      await made('renameVolumes', { ref: 'foreign', volume: committed(await found(client, nativeId)), newName });
    },
    removeVolume: async (nativeId) => remove(client, await found(client, nativeId)),
    async map(nativeId, initiatorId) {
      need('export');
      await mapShared(client, await found(client, nativeId), initiatorId);
    },
    async unmap(nativeId, initiatorId) {
      need('export');
      await unmapAll(client, await found(client, nativeId), initiatorId);
    },
    async snapshot(nativeId, name) {
      need('snapshot');
      const [access] = accessModes({ identity: await client.output<ArrayIdentity>('identify', null) });
      return made('ensureSnapshots', { ref: 'foreign', name, source: committed(await found(client, nativeId)), access });
    },
  };
};
