import type { Condition } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import type { Guard } from '../inventory/changes.ts';
import { listPk } from '../inventory/listings.ts';
import type { Volume } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';

/** Refuses a volume that a task works on, or that is not in use by us any more. */
export const requireReady = (volume: Volume): void => {
  const what = `the volume ${volume.name} (${volume.id})`;
  if (volume.state === 'deleting') throw new ControlPlaneError(`${what} is being deleted`, { code: 'resource.deleting' });
  if (volume.activeTaskId)
    throw new ControlPlaneError(`${what} has the task ${volume.activeTaskId} in progress; try again when it has ended`, {
      code: 'resource.busy',
    });
  if (volume.state !== 'ready') throw new ControlPlaneError(`${what} is ${volume.state}, not ready`, { code: 'resource.inUse' });
};

/** Refuses a volume that its owner protects, whoever asks and however. */
export const requireUnprotected = ({ id, name, deleteProtected }: Volume): void => {
  if (!deleteProtected) return;
  throw new ControlPlaneError(
    `the volume ${name} (${id}) has delete_protected set; PUT /block/volumes/${id} {"delete_protected": false} takes it off`,
    { code: 'resource.cannotDelete' },
  );
};

/** Nothing happened to the resource since it was read: it is as free as it was then. */
export const unchangedSince = (version: number, more: readonly Condition[] = []): Guard => ({
  when: [{ attribute: 'version', is: '=', value: version }, ...more],
  otherwise: { code: 'resource.changed', message: 'a resource was changed by another request at the same time; try again' },
});

/** Of the volume's own rows that name who has it mapped, or wants to. */
export const exportPrefix = 'EXPORT#';

/** Refuses a volume that an export group holds, mapped or not. To be asked after the volume was read: every change of exports locks it. */
export const requireNotExported = async (rows: Rows, volume: Volume): Promise<void> => {
  const pages = await Promise.all([
    rows.query({ table: 'Inventory', pk: volume.id, skPrefix: exportPrefix, limit: 1 }),
    rows.query({ table: 'Inventory', pk: listPk(volume.id, 'ExportGroup'), limit: 1 }),
  ]);
  if (pages.every((page) => page.rows.length === 0)) return;
  const name = pages[1].rows[0]?.['name'];
  const by = typeof name === 'string' ? `in the export group ${name}` : 'exported';
  throw new ControlPlaneError(`the volume ${volume.name} (${volume.id}) is ${by}; remove it from its export groups first`, {
    code: 'resource.inUse',
  });
};
