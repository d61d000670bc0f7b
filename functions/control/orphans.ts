import { mostOrphans, type Orphan, removalWrites } from '../../core/discovery/orphan-removal.ts';
import type { Sighting } from '../../core/discovery/sighting.ts';
import { keptWrites, unmanagedIdOf } from '../../core/discovery/unmanaged.ts';
import { fromRow, resourceKey } from '../../core/inventory/resource.ts';
import { type UnManagedVolume, unmanagedVolumeSchema } from '../../core/inventory/schemas.ts';
import { brakeRefusal } from '../../core/operation/brake.ts';
import { keptBecause, putTombstone, readTombstones, type Tombstone } from '../../core/volume/tombstone.ts';
import type { Discovery } from './begin-discovery.ts';
import { getProvider } from './call-arrays.ts';
import type { ControlPorts } from './ports.ts';
import { storeEach } from './store-writes.ts';
import type { VolumeWalk } from './volume-walk.ts';

interface Judged {
  readonly unmanaged: UnManagedVolume;
  readonly sighting: Sighting;
  readonly tombstone: Tombstone | undefined;
  /** Undefined: it may be removed. */
  readonly kept: string | undefined;
}

const judgeAll = async (ports: ControlPorts, { provider }: Discovery, walk: VolumeWalk): Promise<Judged[]> => {
  const { orphans, ancestors } = walk;
  const tombstones = await readTombstones(ports.rows, provider.arrayId);
  const keys = orphans.flatMap(({ observed, namesake = '' }) => [
    resourceKey(unmanagedIdOf(provider.arrayId, observed.nativeId)),
    resourceKey(namesake),
  ]);
  const rows = await ports.rows.getMany('Inventory', keys);
  return orphans.flatMap((sighting, n) => {
    const { observed } = sighting;
    const [row, record] = [rows[2 * n], rows[2 * n + 1]];
    if (!row || row['inactive'] === true || row['activeTaskId'] !== undefined) return [];
    const tombstone = tombstones.get(observed.name);
    const recordState = typeof record?.['state'] === 'string' ? record['state'] : undefined;
    const kept = keptBecause({ observed, tombstone, recordState, hasDescendants: ancestors.has(observed.nativeId) });
    return [{ unmanaged: fromRow(unmanagedVolumeSchema, row), sighting, tombstone, kept }];
  });
};

/** Whatever was once seen mapped is somebody's, also when it is not mapped any more. */
const noteMapped = async (ports: ControlPorts, { provider, author }: Discovery, judged: readonly Judged[]): Promise<void> => {
  const mapped = judged.flatMap(({ sighting, tombstone }) =>
    tombstone && !tombstone.wasMapped && sighting.observed.mappings.length > 0 ? [tombstone] : [],
  );
  await storeEach(
    ports,
    mapped.map((tombstone) => [putTombstone(provider.arrayId, { ...tombstone, wasMapped: true }, author.at)]),
  );
};

/** The intent is stored; the reconciler starts it. */
const orderRemoval = async (ports: ControlPorts, discovery: Discovery, orphans: readonly Orphan[]): Promise<void> => {
  const { installation, provider, operation, author } = discovery;
  const operationId = ports.ids.uuid();
  const { rootTenantId: tenantId, epoch } = installation;
  const removal = { operationId, provider, orphans, tenantId, epoch, correlationId: operation.correlationId };
  await storeEach(ports, [removalWrites(removal, author)]);
  ports.log.warn('volumes that failed creations have left are removed', {
    operationId,
    providerId: provider.id,
    names: orphans.map(({ tombstone }) => tombstone.nativeName),
  });
};

/**
 * What bears our mark and has no record is reported, and removed only if it is surely what a creation that was taken back has left. To be
 * asked after a complete walk alone: only that knows what was taken from what.
 */
export const settleOrphans = async (ports: ControlPorts, discovery: Discovery, walk: VolumeWalk): Promise<void> => {
  if (walk.orphans.length === 0) return;
  const judged = await judgeAll(ports, discovery, walk);
  await noteMapped(ports, discovery, judged);
  const removable = judged.flatMap(({ unmanaged, tombstone, kept }): Orphan[] => (tombstone && !kept ? [{ unmanaged, tombstone }] : []));
  const provider = await getProvider(ports, discovery.provider.id);
  const braked = brakeRefusal([discovery.installation, provider])?.message;
  const reasonOf = ({ kept }: Judged): string | undefined => kept ?? braked;
  await storeEach(
    ports,
    judged.flatMap((each) => {
      const reason = reasonOf(each);
      return reason === undefined ? [] : [keptWrites(each.unmanaged, reason)];
    }),
  );
  if (removable.length > 0 && braked === undefined) await orderRemoval(ports, discovery, removable.slice(0, mostOrphans));
};
