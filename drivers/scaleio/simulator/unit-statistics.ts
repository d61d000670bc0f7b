import { devicesIn, generationOf, volumesIn } from './array-index.ts';
import { addIo, deviceIo, type Io, ioOf, scaleIo } from './io.ts';
import type { Json } from './json.ts';
import type { ArrayState, Device } from './model.ts';

const isPresent = (array: ArrayState, device: Device): boolean =>
  !device.failed && array.sdss.get(device.sdsId)?.connected === true && array.sdss.get(device.sdsId)?.maintenance === null;

/** Devices share the I/O of their pool by their size; those that are away do nothing. */
function ioOfDevice(array: ArrayState, device: Device, ofPool: Io): Io {
  const present = devicesIn(array, device.poolId).filter((candidate) => isPresent(array, candidate));
  const total = present.reduce((sum, { capacityInKb }) => sum + capacityInKb, 0);
  return scaleIo(ofPool, present.includes(device) ? device.capacityInKb / total : 0);
}

const remembered = new WeakMap<object, Map<string, Io>>();

/** Asked for once per device, so it is remembered as long as nothing changes. */
function ioOfPool(array: ArrayState, poolId: string): Io {
  const generation = generationOf(array);
  const byPool = remembered.get(generation) ?? new Map<string, Io>();
  remembered.set(generation, byPool);
  const io = byPool.get(poolId) ?? addIo(volumesIn(array, poolId).map((volume) => ioOf(array, volume)));
  byPool.set(poolId, io);
  return io;
}

/** Capacity and I/O of some devices together. */
export function unitStatistics(array: ArrayState, devices: readonly Device[]): Json {
  const capacity = devices.reduce((total, device) => total + device.capacityInKb, 0);
  const io = addIo(devices.map((device) => ioOfDevice(array, device, ioOfPool(array, device.poolId))));
  return { maxCapacityInKb: capacity, capacityLimitInKb: capacity, ...deviceIo(io) };
}
