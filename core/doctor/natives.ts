import type { StorageProvider, Volume } from '../inventory/schemas.ts';
import { putNative } from '../volume/native-row.ts';
import { activeOf, type Estate, isMoving } from './estate.ts';
import type { Finding } from './finding.ts';

const pattern = /^NATIVE#(.+)#volume$/;

const nativeText = (arrayId: string, nativeId: string): string => `${arrayId}/${nativeId}`;

interface Known {
  readonly arrayId: string;
  readonly nativeId: string;
  readonly volumeId: string;
}

const knownIn = ({ rows }: Estate): Known[] =>
  rows.inventory.flatMap(({ pk, sk, ...row }) => {
    const arrayId = pattern.exec(pk)?.[1];
    return arrayId === undefined ? [] : [{ arrayId, nativeId: sk, volumeId: String(row['id']) }];
  });

const missing = (volume: Volume, providers: ReadonlyMap<string, StorageProvider>, known: ReadonlyMap<string, Known>): Finding[] => {
  const arrayId = providers.get(volume.providerId)?.arrayId;
  const { nativeId, id } = volume;
  if (arrayId === undefined || nativeId === undefined || isMoving(volume)) return [];
  const text = nativeText(arrayId, nativeId);
  const other = known.get(text);
  if (other?.volumeId === id) return [];
  const says = other ? `it is known as ${other.volumeId}, and ${id} is recorded to be it` : `it is ${id}, and not known as that`;
  return [
    {
      check: 'natives',
      subject: text,
      says,
      ...(other ? {} : { repair: { does: 'makes it known', writes: [putNative({ arrayId, nativeId, volumeId: id })] } }),
    },
  ];
};

/** An id that is known for a volume which is gone keeps discovery from reporting the object; what it is must be decided by a person. */
const dangling = (estate: Estate, { arrayId, nativeId, volumeId }: Known): Finding[] => {
  const volume = estate.resources.get(volumeId);
  if (volume && (isMoving(volume) || !volume.inactive)) return [];
  return [{ check: 'natives', subject: nativeText(arrayId, nativeId), says: `it is known as ${volumeId}, which was removed` }];
};

export const nativeFindings = (estate: Estate): Finding[] => {
  const list = knownIn(estate);
  const known = new Map(list.map((each) => [nativeText(each.arrayId, each.nativeId), each]));
  const providers = new Map(activeOf(estate, 'StorageProvider').map((provider) => [provider.id, provider]));
  return [
    ...activeOf(estate, 'Volume').flatMap((volume) => missing(volume, providers, known)),
    ...list.flatMap((each) => dangling(estate, each)),
  ];
};
