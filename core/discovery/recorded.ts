import type { ObservedVolume, VolumeMapping } from '../../drivers/sdk/model.ts';
import type { ExportPair } from '../export/pair.ts';
import type { Volume } from '../inventory/schemas.ts';
import { discoveredId } from './discovered-id.ts';

/** A volume of ours as the array has it, beside its record. */
export interface Sight {
  readonly arrayId: string;
  readonly observed: ObservedVolume;
  readonly volume: Volume;
  /** The mappings that we know of. */
  readonly pairs: readonly ExportPair[];
}

type Difference = NonNullable<Volume['drift']>['differences'][number];

const mostDifferences = 10;

const second = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

const differing = (field: string, recorded: string | undefined, found: string): Difference[] =>
  recorded === undefined || recorded === found ? [] : [{ field, recorded, found }];

const identity = ({ arrayId, observed, volume }: Sight): Difference[] => [
  ...differing('name', volume.nativeName, observed.name),
  ...differing('pool', volume.poolId, discoveredId('StoragePool', arrayId, observed.poolNativeId)),
  ...differing('size in bytes', String(volume.provisionedBytes), String(observed.sizeBytes)),
  ...(volume.nativeCreatedAt && second(volume.nativeCreatedAt) !== second(observed.createdAt)
    ? differing('time of creation', volume.nativeCreatedAt, observed.createdAt)
    : []),
  ...differing('owner', 'this installation', observed.managedElsewhere ?? 'this installation'),
];

const isOf = (pair: ExportPair, { initiatorType, initiatorId }: VolumeMapping): boolean =>
  pair.initiatorType === initiatorType && pair.port === initiatorId;

const mappingField = (initiatorType: string, port: string): string => `mapping to ${initiatorType} ${port}`;

const mappings = ({ observed, pairs }: Sight): Difference[] => [
  ...pairs.flatMap((pair) => {
    const found = observed.mappings.find((mapping) => isOf(pair, mapping));
    return differing(mappingField(pair.initiatorType, pair.port), pair.access, found?.access ?? 'not mapped');
  }),
  ...observed.mappings
    .filter((mapping) => !pairs.some((pair) => isOf(pair, mapping)))
    .map(({ initiatorType, initiatorId, access }) => ({
      field: mappingField(initiatorType, initiatorId),
      recorded: 'not mapped',
      found: access,
    })),
];

/** A drift that is known already keeps its time. */
export const driftOf = (volume: Volume, differences: readonly Difference[], at: string): Volume['drift'] =>
  differences.length === 0 ? undefined : { since: volume.drift?.since ?? at, differences: differences.slice(0, mostDifferences) };

/** What the array alone knows of the volume is taken over; what differs from the record is told, and nothing else is done about it. */
export const seenPatch = (sight: Sight, at: string): Partial<Volume> => {
  const { observed, volume } = sight;
  return {
    ...(observed.allocatedBytes === undefined ? {} : { allocatedBytes: observed.allocatedBytes }),
    ...(observed.wwn === undefined ? {} : { wwn: observed.wwn }),
    visibility: undefined,
    notVisibleSince: undefined,
    drift: driftOf(volume, [...identity(sight), ...mappings(sight)], at),
  };
};

/** It is not there by its id; `namesake` is the object that has its name. */
export const missingPatch = (volume: Volume, namesake: string | undefined, at: string): Partial<Volume> => ({
  visibility: 'not-visible',
  notVisibleSince: volume.notVisibleSince ?? at,
  drift: driftOf(volume, namesake === undefined ? [] : differing('native id', volume.nativeId, namesake), at),
});
