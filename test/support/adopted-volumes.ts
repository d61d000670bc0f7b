import type { Row, Write } from '../../core/change.ts';
import { fromRow, newResource, toRow } from '../../core/inventory/resource.ts';
import { unmanagedVolumeSchema, type Volume } from '../../core/inventory/schemas.ts';
import type { Rows } from '../../core/ports.ts';
import { makeUrn, parseUrn } from '../../core/urn.ts';
import { putNative } from '../../core/volume/native-row.ts';

/** Records of volumes of ours, put into the store beside the API for what is on an array already. */

const writesOf = (row: Row): Write[] => {
  const found = fromRow(unmanagedVolumeSchema, row);
  const id = makeUrn('Volume', parseUrn(found.id)?.uuid ?? '');
  const volume: Volume = {
    ...newResource(id, found.name, found.createdAt),
    ...{ tenantId: 'none', projectId: 'none', varrayId: 'none', vpoolId: 'none' },
    ...{ poolId: found.poolId, systemId: found.systemId ?? '', providerId: found.providerId },
    state: 'ready',
    provisioningType: found.provisioningType,
    requestedBytes: found.sizeBytes,
    provisionedBytes: found.sizeBytes,
    nativeName: found.name,
    nativeId: found.nativeId,
    nativeCreatedAt: found.nativeCreatedAt,
  };
  const { arrayId, nativeId } = found;
  return [{ do: 'put', table: 'Inventory', row: toRow(volume) }, putNative({ arrayId, nativeId, volumeId: id })];
};

const volumesPerTransaction = 40;

export const adopt = async (rows: Rows, unmanaged: readonly Row[]): Promise<void> => {
  for (let start = 0; start < unmanaged.length; start += volumesPerTransaction)
    await rows.transact(unmanaged.slice(start, start + volumesPerTransaction).flatMap(writesOf));
};

export const isUnmanagedRow = ({ pk, sk }: { readonly pk: string; readonly sk: string }): boolean =>
  sk === 'RESOURCE' && pk.includes(':UnManagedVolume:');
