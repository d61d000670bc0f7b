import type { VolumeMapping } from '../../drivers/sdk/model.ts';
import { volumeRefOf } from '../../drivers/sdk/refs.ts';
import type { ExportPair, VolumeIdentity } from '../../drivers/sdk/verbs.ts';
import { discoveredId } from '../discovery/discovered-id.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { Rows } from '../ports.ts';
import type { ArrayCall, StepAnswers } from './steps.ts';

/** A volume, or a mapping of it, that an operation may have left on its array. */
export interface LeftObject {
  readonly providerId: string;
  /** By which the answers of a driver name it. */
  readonly ref: string;
  readonly name: string;
  readonly nativeId?: string;
  readonly poolNativeId: string;
  readonly mappedTo?: ExportPair['initiator'];
  /** It may have been expanded to that. */
  readonly grownBytes?: number;
}

const namedBy = (volume: VolumeIdentity): Pick<LeftObject, 'name' | 'nativeId' | 'poolNativeId'> => {
  const { poolNativeId } = volume;
  return volume.kind === 'planned'
    ? { name: volume.name, poolNativeId }
    : { name: volume.expectedName, nativeId: volume.nativeId, poolNativeId };
};

/** The objects that a call changes, or that it takes back. */
export const objectsOf = (call: ArrayCall): LeftObject[] => {
  const { providerId } = call;
  switch (call.verb) {
    case 'ensureVolumesAbsent':
      return call.input.items.map(({ ref, volume }) => ({ providerId, ref, ...namedBy(volume) }));
    case 'expandVolumes':
      return call.input.items.map(({ ref, volume, newSizeBytes }) => ({
        ...{ providerId, ref, ...namedBy(volume) },
        grownBytes: newSizeBytes,
      }));
    case 'ensureExportsAbsent':
      return call.input.items.map(({ ref, volume, initiator }) => ({ providerId, ref, ...namedBy(volume), mappedTo: initiator }));
    default:
      return [];
  }
};

const isMapped = (observed: unknown, { type, id }: ExportPair['initiator']): boolean =>
  (observed as { readonly mappings: readonly VolumeMapping[] }).mappings.some(
    ({ initiatorType, initiatorId }) => initiatorType === type && initiatorId === id,
  );

/** Those that a look, made when no request could land any more, has not found are not left. Of the others it tells the native id. */
export const withoutGone = (objects: readonly LeftObject[], looked: StepAnswers): LeftObject[] =>
  objects.flatMap((object) => {
    const { ref, mappedTo } = object;
    const answer = looked.find((each) => each.ref === (mappedTo ? volumeRefOf(ref) : ref));
    if (answer?.status !== 'done') return [object];
    if (answer.observed === undefined || (mappedTo && !isMapped(answer.observed, mappedTo))) return [];
    return [answer.nativeId === undefined ? object : { ...object, nativeId: answer.nativeId }];
  });

interface Place {
  readonly provider: string;
  readonly pool: string;
}

const textOf = ({ name, nativeId, mappedTo, grownBytes }: LeftObject, { provider, pool }: Place): string =>
  [
    `volume ${name}`,
    ...(nativeId === undefined ? [] : [` (native id ${nativeId})`]),
    ...(mappedTo ? [` mapped to initiator ${mappedTo.id}`] : []),
    ` at storage provider ${provider}`,
    ...(mappedTo ? [] : [`, pool ${pool}`]),
    ...(grownBytes === undefined ? [] : [`, perhaps expanded to ${grownBytes} bytes`]),
  ].join('');

const rowsOf = async (rows: Rows, ids: readonly string[]) => {
  const found = await rows.getMany('Inventory', [...new Set(ids)].map(resourceKey));
  return (id: string) => found.find((row) => row?.pk === id);
};

/** Providers and pools by their names, as far as they are on record; else by their ids. */
const textsOf = async (rows: Rows, objects: readonly LeftObject[]): Promise<string[]> => {
  const providerIds = objects.map(({ providerId }) => providerId);
  const providerOf = await rowsOf(rows, providerIds);
  const placed = objects.map((object) => {
    const provider = providerOf(object.providerId);
    return { object, provider, poolId: discoveredId('StoragePool', `${provider?.['arrayId']}`, object.poolNativeId) };
  });
  const poolIds = placed.map(({ poolId }) => poolId);
  const poolOf = await rowsOf(rows, poolIds);
  return placed.map(({ object, provider, poolId }) =>
    textOf(object, {
      provider: String(provider?.['name'] ?? object.providerId),
      pool: String(poolOf(poolId)?.['name'] ?? object.poolNativeId),
    }),
  );
};

const mostNamed = 10;
const mostBytes = 1000;
const mostCharacters = 300;

/** As many as may be shown, in at most about 1 KB, and how many more there are. */
const bounded = (texts: readonly string[], count: number): string[] => {
  let sizeBytes = 0;
  const shown = texts.filter((text) => {
    sizeBytes += Buffer.byteLength(text);
    return sizeBytes <= mostBytes;
  });
  return count > shown.length ? [...shown, `and ${count - shown.length} more`] : shown;
};

/** What a person needs to find the objects on their arrays: at most 10 of them, in at most about 1 KB. */
export const leftTexts = async (rows: Rows, objects: readonly LeftObject[]): Promise<string[]> => {
  const texts = await textsOf(rows, objects.slice(0, mostNamed));
  return bounded(
    texts.map((text) => text.slice(0, mostCharacters)),
    objects.length,
  );
};
