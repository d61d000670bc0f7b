import * as z from 'zod';
import type { Write } from '../change.ts';
import { type Author, changed } from '../inventory/changes.ts';
import type { StorageProvider, UnManagedVolume } from '../inventory/schemas.ts';
import type { Operation, Task } from '../operation/schema.ts';
import { operationWrites } from '../operation/store.ts';
import { taskIdOf } from '../urn.ts';
import { type Tombstone, tombstoneSchema } from '../volume/tombstone.ts';

/** Objects on one array that creations which were taken back have left. */
export const orphanDeletePlan = z.object({
  providerId: z.string(),
  arrayId: z.string(),
  /** `id` is that of the unmanaged volume. */
  orphans: z.array(tombstoneSchema.omit({ wasMapped: true, refusal: true }).extend({ id: z.string() })),
});
export type OrphanDeletePlan = z.infer<typeof orphanDeletePlan>;

/** What one operation removes; what is more is left to the next discovery. */
export const mostOrphans = 12;

export interface Orphan {
  readonly unmanaged: UnManagedVolume;
  readonly tombstone: Tombstone;
}

interface Removal {
  readonly operationId: string;
  readonly provider: StorageProvider;
  readonly orphans: readonly Orphan[];
  readonly tenantId: string;
  readonly epoch: number;
  readonly correlationId: string;
}

const planOf = ({ provider, orphans }: Removal): OrphanDeletePlan => ({
  providerId: provider.id,
  arrayId: provider.arrayId,
  orphans: orphans.map(({ unmanaged, tombstone: { wasMapped, refusal, ...rest } }) => ({ id: unmanaged.id, ...rest })),
});

const operationOf = ({ operationId, orphans, tenantId, epoch, correlationId }: Removal, { actor, at }: Author): Operation => ({
  id: operationId,
  workflow: 'orphan-delete',
  state: 'accepted',
  owner: operationId,
  repairs: 0,
  tenantId,
  requestedBy: actor,
  correlationId,
  epoch,
  acceptedAt: at,
  taskIds: orphans.map(({ unmanaged }) => taskIdOf(operationId, unmanaged.id)),
});

const taskOf = (operation: Operation, { unmanaged, tombstone }: Orphan): Task => ({
  id: taskIdOf(operation.id, unmanaged.id),
  operationId: operation.id,
  resourceId: unmanaged.id,
  resourceName: unmanaged.name,
  tenantId: operation.tenantId,
  name: 'DELETE ORPHANED VOLUME',
  state: 'pending',
  message: 'a creation that was taken back has left it',
  progress: 0,
  startedAt: operation.acceptedAt,
  associatedIds: [tombstone.volumeId],
});

/** The intent, as one transaction. No function that state machines invoke starts one: the reconciler does, within a minute and a half. */
export const removalWrites = (removal: Removal, author: Author): Write[] => {
  const operation = operationOf(removal, author);
  const lock = ({ unmanaged }: Orphan): Write[] =>
    changed(unmanaged, { activeTaskId: taskIdOf(operation.id, unmanaged.id) }, { author: { ...author, operationId: operation.id } });
  return [
    ...operationWrites(
      operation,
      { ...planOf(removal) },
      removal.orphans.map((orphan) => taskOf(operation, orphan)),
    ),
    ...removal.orphans.flatMap(lock),
  ];
};
