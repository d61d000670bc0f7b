import { createHash } from 'node:crypto';
import type { Json } from './json.ts';
import type { ArrayState, IoProfile, Mapping, Volume } from './model.ts';

/** Counters tell of the latest whole window. */
const windowSeconds = 5;

export const windowOf = (atMs: number): number => Math.floor(atMs / (windowSeconds * 1000));

/** One direction within one window. */
interface Flow {
  count: number;
  sizeInKb: number;
  latencyInMicros: number;
}

/** What was read, written and trimmed within one window. */
export interface Io {
  read: Flow;
  write: Flow;
  trim: Flow;
}

const still: Flow = { count: 0, sizeInKb: 0, latencyInMicros: 0 };
export const noIo: Io = { read: still, write: still, trim: still };

const addFlows = (a: Flow, b: Flow): Flow => ({
  count: a.count + b.count,
  sizeInKb: a.sizeInKb + b.sizeInKb,
  latencyInMicros: a.latencyInMicros + b.latencyInMicros,
});

export const addIo = (all: readonly Io[]): Io =>
  all.reduce(
    (sum, io) => ({ read: addFlows(sum.read, io.read), write: addFlows(sum.write, io.write), trim: addFlows(sum.trim, io.trim) }),
    noIo,
  );

const scaleFlow = ({ count, sizeInKb, latencyInMicros }: Flow, by: number): Flow => {
  const scaled = Math.round(count * by);
  const each = count === 0 ? 0 : scaled / count;
  return { count: scaled, sizeInKb: Math.round(sizeInKb * each), latencyInMicros: Math.round(latencyInMicros * each) };
};

/** A part of the work, such as one device's. */
export const scaleIo = ({ read, write, trim }: Io, by: number): Io => ({
  read: scaleFlow(read, by),
  write: scaleFlow(write, by),
  trim: scaleFlow(trim, by),
});

/** From 0.8 to 1.2, the same for the same volume and window. */
function wobble(array: ArrayState, volume: Volume): number {
  const number = createHash('sha256')
    .update(`${volume.id}/${windowOf(array.clock.nowMs())}`)
    .digest()
    .readUInt16BE();
  return 0.8 + (number / 65535) * 0.4;
}

const isAble = (array: ArrayState, { sdcId, accessMode }: Mapping): boolean =>
  array.sdcs.get(sdcId)?.connected === true && accessMode !== 'NoAccess';

const limited = (figure: number, limit: number) => (limit === 0 || figure <= limit ? 1 : limit / figure);

/** One host's part of the profile, within what the mapping allows. */
function flowsOf(profile: IoProfile, mapping: Mapping, part: number): Io {
  const writes = mapping.accessMode === 'ReadWrite' ? part : 0;
  const iops = profile.readIops * part + (profile.writeIops + profile.trimIops) * writes;
  const scale = Math.min(limited(iops, mapping.limitIops), limited(iops * profile.ioSizeInKb, mapping.limitBwInKbps)) * windowSeconds;
  const flow = (perSecond: number, latencyInMicros: number): Flow => {
    const count = Math.floor(perSecond * scale);
    return { count, sizeInKb: count * profile.ioSizeInKb, latencyInMicros: count * latencyInMicros };
  };
  return {
    read: flow(profile.readIops * part, profile.readLatencyInMicros),
    write: flow(profile.writeIops * writes, profile.writeLatencyInMicros),
    trim: flow(profile.trimIops * writes, profile.writeLatencyInMicros),
  };
}

/** The volume's I/O through one mapping: its hosts share the profile evenly. */
export function ioThrough(array: ArrayState, volume: Volume, mapping: Mapping): Io {
  if (volume.io === null || !isAble(array, mapping)) return noIo;
  const hosts = volume.mappings.filter((candidate) => isAble(array, candidate)).length;
  return flowsOf(volume.io, mapping, wobble(array, volume) / hosts);
}

export const ioOf = (array: ArrayState, volume: Volume): Io =>
  volume.io === null ? noIo : addIo(volume.mappings.map((mapping) => ioThrough(array, volume, mapping)));

/** With the vendor's spelling; all 0 when nothing moved. */
const counter = (count: number, weight: number): Json => ({
  numSeconds: count === 0 ? 0 : windowSeconds,
  totalWeightInKb: weight,
  numOccured: count,
});

export const bandwidth = ({ count, sizeInKb }: Flow): Json => counter(count, sizeInKb);
/** Its weight is microseconds, whatever its name says. */
export const latency = ({ count, latencyInMicros }: Flow): Json => counter(count, latencyInMicros);

/** Background work of so many KiB per second, in steps of 1 MiB. */
export function backgroundBandwidth(rateInKb: number): Json {
  const count = Math.ceil((rateInKb * windowSeconds) / 1024);
  return counter(count, rateInKb * windowSeconds);
}

/** The counters that volumes, hosts, pools, domains and the system have in common. */
export const userIo = ({ read, write }: Io): Json => ({ userDataReadBwc: bandwidth(read), userDataWriteBwc: bandwidth(write) });

export const userIoSince3 = ({ read, write, trim }: Io): Json => ({
  userDataTrimBwc: bandwidth(trim),
  userDataSdcReadLatency: latency(read),
  userDataSdcWriteLatency: latency(write),
  userDataSdcTrimLatency: latency(trim),
});

/** What the devices do: each write goes to two of them, reads come from the first copy. */
export const deviceIo = ({ read, write }: Io): Json => ({
  totalReadBwc: bandwidth(read),
  totalWriteBwc: bandwidth(addFlows(write, write)),
  primaryReadBwc: bandwidth(read),
  primaryReadFromDevBwc: bandwidth(read),
  primaryWriteBwc: bandwidth(write),
  secondaryReadBwc: bandwidth(still),
  secondaryWriteBwc: bandwidth(write),
});
