import type { ObservedVolume } from '../../drivers/sdk/model.ts';
import type { ExportPair } from '../export/pair.ts';
import type { StorageProvider, Volume } from '../inventory/schemas.ts';
import { type NameMark, volumeIdOfName } from '../volume/native-name.ts';
import { activeOf, type Estate, isMoving, volumeOf } from './estate.ts';
import type { Finding } from './finding.ts';

/** What an array says it has. */
export interface ArrayView {
  readonly provider: StorageProvider;
  readonly mark: NameMark;
  readonly volumes: readonly ObservedVolume[];
  /** Only then does it mean anything that something is not there. */
  readonly complete: boolean;
}

interface Recorded {
  readonly volume: Volume;
  readonly pairs: readonly ExportPair[];
}

const finding = (subject: string, says: string): Finding => ({ check: 'arrays', subject, says });

const absent = ({ volume }: Recorded, { provider, volumes, complete }: ArrayView): Finding[] => {
  if (!complete) return [];
  const named = volumes.find(({ name }) => name === volume.nativeName);
  const instead = named ? `; an object ${named.nativeId} bears its name ${volume.nativeName}` : '';
  return [
    finding(volume.id, `${provider.name} has no object ${volume.nativeId}, which the volume ${volume.name} is recorded to be${instead}`),
  ];
};

const mappingFindings = ({ volume, pairs }: Recorded, observed: ObservedVolume): Finding[] => {
  const mapped = observed.mappings.map(({ initiatorId }) => initiatorId);
  const lost = pairs.filter(({ port }) => !mapped.includes(port)).map(({ port }) => `it should be mapped to ${port} and is not`);
  const others = mapped
    .filter((id) => pairs.every(({ port }) => port !== id))
    .map((id) => `it is mapped to ${id}, which no export group wants`);
  return [...lost, ...others].map((says) => finding(volume.id, `${volume.name}: ${says}`));
};

const compared = (recorded: Recorded, observed: ObservedVolume): Finding[] => {
  const { volume } = recorded;
  const differences = [
    ...(observed.name === volume.nativeName ? [] : [`its name on the array is ${observed.name}, and was made as ${volume.nativeName}`]),
    ...(observed.sizeBytes === volume.provisionedBytes
      ? []
      : [`its size on the array is ${observed.sizeBytes} bytes, and recorded as ${volume.provisionedBytes}`]),
  ];
  return [...differences.map((says) => finding(volume.id, `${volume.name}: ${says}`)), ...mappingFindings(recorded, observed)];
};

/** It was forgotten on purpose and left where it is; of one that was released before its id was learned the name alone is known. */
const isLeftThere = (record: Volume | undefined, { nativeId }: ObservedVolume): boolean =>
  record?.state === 'released' && (record.nativeId ?? nativeId) === nativeId;

/** Bears the mark of this installation, and no record says that it is there, or was left there. Reported; never removed here. */
const orphans = (estate: Estate, { provider, mark, volumes }: ArrayView, nativeIds: ReadonlySet<string>): Finding[] =>
  volumes.flatMap((observed): Finding[] => {
    const id = volumeIdOfName(mark, observed.name);
    const record = id === undefined ? undefined : volumeOf(estate, id);
    if (id === undefined || nativeIds.has(observed.nativeId) || (record && isMoving(record)) || isLeftThere(record, observed)) return [];
    const why = record ? `whose record is ${record.inactive ? 'removed' : 'another object'}` : 'of which there is no record';
    return [finding(`${provider.arrayId}/${observed.nativeId}`, `${provider.name} has ${observed.name}, the name of ${id}, ${why}`)];
  });

export const arrayFindings = (estate: Estate, view: ArrayView): Finding[] => {
  const { provider, volumes } = view;
  const made = activeOf(estate, 'Volume').flatMap((volume) =>
    volume.providerId === provider.id && volume.nativeId !== undefined ? [{ volume, nativeId: volume.nativeId }] : [],
  );
  const observed = new Map(volumes.map((volume) => [volume.nativeId, volume]));
  const pairs = Map.groupBy(estate.pairs, ({ volumeId }) => volumeId);
  const differences = made
    .filter(({ volume }) => !isMoving(volume))
    .flatMap(({ volume, nativeId }) => {
      const recorded = { volume, pairs: pairs.get(volume.id) ?? [] };
      const found = observed.get(nativeId);
      return found ? compared(recorded, found) : absent(recorded, view);
    });
  return [...differences, ...orphans(estate, view, new Set(made.map(({ nativeId }) => nativeId)))];
};
