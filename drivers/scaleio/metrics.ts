import type { Metrics } from '../sdk/model/statistics.ts';
import { capacityHealth, poolCapacity } from './capacity.ts';
import { type Figures, windowOf } from './select-statistics.ts';
import { bytesPerKb } from './sizes.ts';
import { poolStatisticsWire, type WindowWire } from './wire.ts';

/** Names of the windows that tell of one kind of object; latency came later, and is told of volumes and hosts. */
export interface WindowNames {
  read: string;
  write: string;
  readLatency?: string;
  writeLatency?: string;
}

export const userWindows: WindowNames = {
  read: 'userDataReadBwc',
  write: 'userDataWriteBwc',
  readLatency: 'userDataSdcReadLatency',
  writeLatency: 'userDataSdcWriteLatency',
};

export const deviceWindows: WindowNames = { read: 'totalReadBwc', write: 'totalWriteBwc' };

export const namesOf = (names: WindowNames): readonly string[] =>
  [names.read, names.write, names.readLatency, names.writeLatency].filter((name) => name !== undefined);

/** An idle window is all 0, its length too. */
const perSecond = (amount: number, { numSeconds }: WindowWire): number => (numSeconds === 0 ? 0 : amount / numSeconds);

const iops = (window: WindowWire): number => perSecond(window.numOccured, window);
const bytesPerSecond = (window: WindowWire): number => perSecond(window.totalWeightInKb * bytesPerKb, window);

/** The weight of a latency window is microseconds, whatever its name says; without a request there is no latency. */
const microseconds = ({ numOccured, totalWeightInKb }: WindowWire): number | undefined =>
  numOccured === 0 ? undefined : totalWeightInKb / numOccured;

const measured = (name: keyof Metrics, window: WindowWire | undefined, measure: (window: WindowWire) => number | undefined): Metrics => {
  const value = window === undefined ? undefined : measure(window);
  return value === undefined ? {} : { [name]: value };
};

export const windowMetrics = (figures: Figures | undefined, names: WindowNames): Metrics => {
  const [read, write] = [windowOf(figures, names.read), windowOf(figures, names.write)];
  return {
    ...measured('readIops', read, iops),
    ...measured('writeIops', write, iops),
    ...measured('readBytesPerSecond', read, bytesPerSecond),
    ...measured('writeBytesPerSecond', write, bytesPerSecond),
    ...measured('readLatencyMicroseconds', windowOf(figures, names.readLatency ?? ''), microseconds),
    ...measured('writeLatencyMicroseconds', windowOf(figures, names.writeLatency ?? ''), microseconds),
  };
};

/** How long the windows are; 0 when all are idle, or none is told. */
export const periodOf = (figures: Figures | undefined, names: WindowNames): number =>
  Math.max(0, ...namesOf(names).map((name) => windowOf(figures, name)?.numSeconds ?? 0));

/** Of a pool or a protection domain; what is in use is net, of raw figures half. */
export const capacityMetrics = (figures: Figures | undefined): Metrics => {
  const statistics = poolStatisticsWire.safeParse(figures).data;
  if (statistics === undefined) return {};
  const { spareBytes: _, ...health } = capacityHealth(statistics);
  const { netCapacityInUseInKb: netInUse, capacityInUseInKb: rawInUse } = statistics;
  const inUseKb = netInUse ?? (rawInUse === undefined ? undefined : rawInUse / 2);
  return {
    ...poolCapacity(statistics),
    ...(inUseKb === undefined ? {} : { allocatedBytes: Math.floor(inUseKb * bytesPerKb) }),
    ...health,
  };
};
