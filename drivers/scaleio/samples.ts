import * as z from 'zod';
import type { MeasuredType, Metrics, StatisticsSample } from '../sdk/model/statistics.ts';
import type { Gateway } from './gateway.ts';
import { capacityMetrics, deviceWindows, namesOf, periodOf, userWindows, type WindowNames, windowMetrics } from './metrics.ts';
import { capacityProperties } from './pool-statistics.ts';
import { has } from './releases.ts';
import { type Figures, numberOf, type Selection, type StatisticsType, selectStatistics } from './select-statistics.ts';
import { bytesPerKb } from './sizes.ts';
import { largestListing, selectVolumes, whileNoneGoes } from './volume-listings.ts';
import { idWire } from './wire.ts';

type Sample = Omit<StatisticsSample, 'measuredAt'>;

const sample = (
  objectType: MeasuredType,
  nativeId: string,
  measured: { figures: Figures; names: WindowNames; metrics?: Metrics },
): Sample => ({
  objectType,
  nativeId,
  periodSeconds: periodOf(measured.figures, measured.names),
  metrics: { ...windowMetrics(measured.figures, measured.names), ...measured.metrics },
});

/** Latency is asked for only where a release may have it. */
const userNames = ({ version }: Gateway): readonly string[] =>
  has(version, 'latency figures of volumes') ? namesOf(userWindows) : [userWindows.read, userWindows.write];

const ofCapacity = async (gateway: Gateway, objectType: MeasuredType, type: StatisticsType): Promise<readonly Sample[]> => {
  const properties = [...capacityProperties(gateway.version), 'capacityInUseInKb', userWindows.read, userWindows.write];
  const selection = await selectStatistics(gateway, type, properties);
  return [...selection].map(([nativeId, figures]) =>
    sample(objectType, nativeId, { figures, names: userWindows, metrics: capacityMetrics(figures) }),
  );
};

const ofPorts = async (gateway: Gateway): Promise<readonly Sample[]> =>
  [...(await selectStatistics(gateway, 'Sds', namesOf(deviceWindows)))].map(([nativeId, figures]) =>
    sample('port', nativeId, { figures, names: deviceWindows }),
  );

const ofHosts = async (gateway: Gateway): Promise<readonly Sample[]> =>
  [...(await selectStatistics(gateway, 'Sdc', userNames(gateway)))].map(([nativeId, figures]) =>
    sample('host', nativeId, { figures, names: userWindows }),
  );

/** What a volume promises, and which tree holds its blocks. */
const sizedWire = z.array(z.object({ id: idWire, sizeInKb: z.int().min(0), vtreeId: idWire.nullish() }));

/** Blocks are counted by tree; a volume that is alone in its tree has them all, of others nobody can tell. */
const treeFigures = (gateway: Gateway): Promise<Selection> =>
  has(gateway.version, 'net capacity figures')
    ? selectStatistics(gateway, 'VTree', ['numOfVolumes', 'netUserDataCapacityInKb'])
    : Promise.resolve(new Map());

const allocatedOf = (tree: Figures | undefined): Metrics => {
  const netKb = numberOf(tree, 'netUserDataCapacityInKb');
  return netKb === undefined || numberOf(tree, 'numOfVolumes') !== 1 ? {} : { allocatedBytes: netKb * bytesPerKb };
};

const readSized = (gateway: Gateway, ids: readonly string[]): Promise<readonly z.infer<typeof sizedWire>[number][]> =>
  ids.length > largestListing ? selectVolumes(gateway, sizedWire, ids) : gateway.get(sizedWire, '/api/types/Volume/instances');

const readVolumeSamples = async (gateway: Gateway): Promise<readonly Sample[]> => {
  const windows = await selectStatistics(gateway, 'Volume', userNames(gateway));
  const trees = await treeFigures(gateway);
  const sized = await readSized(gateway, [...windows.keys()]);
  return sized.map(({ id, sizeInKb, vtreeId }) => {
    const metrics = { subscribedBytes: sizeInKb * bytesPerKb, ...allocatedOf(trees.get(vtreeId ?? '')) };
    return sample('volume', id, { figures: windows.get(id) ?? {}, names: userWindows, metrics });
  });
};

const ofVolumes = (gateway: Gateway): Promise<readonly Sample[]> => whileNoneGoes(() => readVolumeSamples(gateway));

/** Calls of each are few: one, for volumes three, and beyond 10,000 of them one for each 5,000. */
const readers: { readonly [T in MeasuredType]: (gateway: Gateway) => Promise<readonly Sample[]> } = {
  system: (gateway) => ofCapacity(gateway, 'system', 'ProtectionDomain'),
  pool: (gateway) => ofCapacity(gateway, 'pool', 'StoragePool'),
  port: ofPorts,
  host: ofHosts,
  volume: ofVolumes,
};

const isMeasured = ({ metrics }: Sample): boolean => Object.keys(metrics).length > 0;

/** By type in the order asked, then by id. */
export const readSamples = async (
  gateway: Gateway,
  objectTypes: readonly MeasuredType[],
  measuredAt: string,
): Promise<readonly StatisticsSample[]> => {
  const all: StatisticsSample[] = [];
  for (const objectType of new Set(objectTypes)) {
    const samples = [...(await readers[objectType](gateway))].filter(isMeasured);
    samples.sort((one, other) => (one.nativeId < other.nativeId ? -1 : 1));
    for (const one of samples) all.push({ ...one, measuredAt });
  }
  return all;
};
