import type { Effect } from '../../../drivers/sdk/conformance/target.ts';
import { DriverError } from '../../../drivers/sdk/errors.ts';
import type { HostComponent, ObservedVolume, VolumeMapping } from '../../../drivers/sdk/model.ts';

export const gibibyte = 1024 ** 3;

export interface PaperVolume extends ObservedVolume {
  access: 'read-write' | 'read-only';
  isCopy: boolean;
  isDetached: boolean;
  content: string;
  mappings: VolumeMapping[];
}

/** An array in memory, for trying the conformance suite itself. */
export interface PaperArray {
  arrayId: string;
  version: string;
  volumes: Map<string, PaperVolume>;
  hosts: HostComponent[];
  madeHosts: Set<string>;
  moves: Map<string, { volumeId: string; poolId: string; seconds: number }>;
  lost: { effect: Effect; when: 'before' | 'after' } | undefined;
  nextId: number;
  onChange: () => void;
}

const host = (id: string): HostComponent => ({
  nativeId: id,
  name: `host-${id}`,
  osType: 'Linux',
  addresses: [],
  state: 'online',
  initiators: [{ type: 'iscsi', id: `iqn.${id}`, protocol: 'iSCSI', approved: true, state: 'online' }],
});

export const newArray = (): PaperArray => ({
  arrayId: 'paper-1',
  version: '3.0',
  volumes: new Map(),
  hosts: [host('h1'), host('h2')],
  madeHosts: new Set(),
  moves: new Map(),
  lost: undefined,
  nextId: 1,
  onChange: () => undefined,
});

export const newId = (array: PaperArray, kind: string): string => {
  array.nextId += 1;
  return `${kind}-${array.nextId}`;
};

const cut = (): DriverError => new DriverError('the connection was cut', { outcome: 'DriverUncertain', code: 'array.unreachable' });

/** Everything that changes the array goes through here, so that its answer can get lost. */
export const change = <T>(array: PaperArray, effect: Effect, work: () => T): T => {
  array.onChange();
  const { lost } = array;
  const isLost = lost?.effect === effect;
  if (isLost) array.lost = undefined;
  if (isLost && lost.when === 'before') throw cut();
  const result = work();
  if (isLost) throw cut();
  return result;
};

export const byName = ({ volumes }: PaperArray, name: string): PaperVolume | undefined =>
  [...volumes.values()].find((volume) => volume.name === name);

/** As it is told to callers: a copy, without what only this array knows. */
export const told = ({
  access: _access,
  isCopy: _isCopy,
  isDetached: _isDetached,
  content: _content,
  ...volume
}: PaperVolume): ObservedVolume => structuredClone(volume);
