import assert from 'node:assert/strict';
import type { AccessMode, MappingLimits, ObservedVolume, VolumeMapping } from '../model.ts';
import { pairRef } from '../refs.ts';
import type { ExportHost, ExportIntent, ExportPair, ItemAnswer, ObservedExport } from '../verbs.ts';
import { type Bench, committed, only } from './bench.ts';

export interface ExportWish {
  hosts?: number;
  access?: AccessMode;
  limits?: MappingLimits;
  mode?: ExportIntent['mode'];
}

/** The first initiators of the first hosts of the array. */
export const hostsOf = ({ hosts }: Bench, count: number): readonly ExportHost[] => {
  const chosen = hosts.slice(0, count).flatMap((host, index) => {
    const [initiator] = host.initiators;
    const { name, osType, addresses } = host;
    return initiator === undefined
      ? []
      : [
          {
            ref: `host${index}`,
            name,
            osType,
            addresses,
            initiators: [{ ref: `initiator${index}`, type: initiator.type, id: initiator.id }],
          },
        ];
  });
  assert.equal(chosen.length, count, `the array has fewer than ${count} hosts`);
  return chosen;
};

export const initiatorIdOf = (bench: Bench, index: number): string => hostsOf(bench, index + 1)[index]?.initiators[0]?.id ?? '';

export const exportIntent = (bench: Bench, volumes: readonly ObservedVolume[], wish: ExportWish = {}): ExportIntent => ({
  volumes: volumes.map((volume, index) => ({
    ref: `volume${index}`,
    volume: committed(volume),
    access: wish.access ?? 'read-write',
    limits: wish.limits ?? {},
  })),
  hosts: hostsOf(bench, wish.hosts ?? 1),
  targets: { recommended: [], available: [] },
  paths: { min: 1, max: 1, perInitiator: 1 },
  mode: wish.mode ?? 'exclusive',
});

export const exportAll = async (bench: Bench, intent: ExportIntent): Promise<readonly ItemAnswer<ObservedExport>[]> => {
  const { items } = await bench.output<{ items: readonly ItemAnswer<ObservedExport>[] }>('ensureExports', intent);
  const initiators = intent.hosts.flatMap((host) => host.initiators);
  assert.deepEqual(
    items.map(({ ref }) => ref),
    intent.volumes.flatMap((volume) => initiators.map((initiator) => pairRef(volume.ref, initiator.ref))),
  );
  return items;
};

export const exportPair = (bench: Bench, volume: ObservedVolume, initiatorIndex = 0): ExportPair => {
  const initiator = hostsOf(bench, initiatorIndex + 1)[initiatorIndex]?.initiators[0];
  assert.ok(initiator);
  return { ref: 'pair', volume: committed(volume), initiator: { type: initiator.type, id: initiator.id } };
};

export const unexportOne = async (bench: Bench, pair: ExportPair) => only(await bench.items('ensureExportsAbsent', { items: [pair] }));

export const mappingsOf = async (bench: Bench, volume: ObservedVolume): Promise<readonly VolumeMapping[]> => {
  const items = [{ ref: 'read', volume: committed(volume) }];
  return only(await bench.items('readExports', { items })).observed?.mappings ?? [];
};

export const mappedTo = async (bench: Bench, volume: ObservedVolume): Promise<readonly string[]> =>
  (await mappingsOf(bench, volume)).map(({ initiatorId }) => initiatorId).sort();
