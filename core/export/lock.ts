import type { Write } from '../change.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { Volume } from '../inventory/schemas.ts';

/** A lock is no change of the volume, so it is not in its history; the version counts it, so that whoever read before plans again. */
export const lockVolume = ({ id, version }: Volume, taskId: string): Write => ({
  do: 'update',
  table: 'Inventory',
  key: resourceKey(id),
  set: { activeTaskId: taskId },
  add: { version: 1 },
  when: [{ attribute: 'version', is: '=', value: version }],
  otherwise: { code: 'resource.changed', message: `the volume ${id} was changed by another request at the same time; try again` },
});

export const unlockVolume = (id: string, taskId: string): Write => ({
  do: 'update',
  table: 'Inventory',
  key: resourceKey(id),
  remove: ['activeTaskId'],
  add: { version: 1 },
  when: [{ attribute: 'activeTaskId', is: '=', value: taskId }],
  otherwise: { code: 'resource.changed', message: `the volume ${id} is not locked by this operation` },
});
