/** What statistics are told of. */
export const measuredTypes = ['system', 'pool', 'port', 'volume', 'host'] as const;
export type MeasuredType = (typeof measuredTypes)[number];

/** Averages over the sample's period, and levels at its end. What an array does not measure is absent, never 0. */
export interface Metrics {
  /** Finished requests a second. */
  readIops?: number;
  writeIops?: number;
  readBytesPerSecond?: number;
  writeBytesPerSecond?: number;
  /** Mean time of a request inside the array. */
  readLatencyMicroseconds?: number;
  writeLatencyMicroseconds?: number;
  /** Of a volume: written blocks, net. Of a pool or system: what all of them take, net. */
  allocatedBytes?: number;
  /** Of a volume: its size. Of a pool or system: the sum of the sizes promised, net. */
  subscribedBytes?: number;
  /** What can still be written, net. */
  freeBytes?: number;
  totalBytes?: number;
  /** Capacity whose copies are not complete at the moment, net. */
  degradedBytes?: number;
  /** Capacity that cannot be read at the moment, net. */
  unavailableBytes?: number;
  /** Busy share of the period, 0 to 100. */
  busyPercent?: number;
}

export interface StatisticsSample {
  objectType: MeasuredType;
  nativeId: string;
  /** End of the period. ISO 8601. */
  measuredAt: string;
  /** Over how many seconds the averages go; 0 for levels alone. */
  periodSeconds: number;
  metrics: Metrics;
}
