import type { ExportGroup, Volume } from '../inventory/schemas.ts';
import { activeOf, type Estate, isMoving } from './estate.ts';
import type { Finding } from './finding.ts';

interface Reference {
  readonly noun: string;
  readonly id: string;
}

const home = ({ projectId, varrayId }: Volume | ExportGroup): Reference[] => [
  { noun: 'project', id: projectId },
  { noun: 'virtual array', id: varrayId },
];

const referencesOf = (volume: Volume): Reference[] => [
  ...home(volume),
  { noun: 'virtual pool', id: volume.vpoolId },
  { noun: 'storage pool', id: volume.poolId },
  { noun: 'storage provider', id: volume.providerId },
];

/** No removal leaves that, also one that was cut short, whose mark the tick takes up; only a person can decide who is to give way. */
export const referenceFindings = (estate: Estate): Finding[] => {
  const removed = (id: string): boolean => estate.resources.get(id)?.inactive !== false;
  const judged = (subject: string, references: readonly Reference[]): Finding[] =>
    references
      .filter(({ id }) => removed(id))
      .map(({ noun, id }): Finding => ({ check: 'references', subject, says: `its ${noun} ${id} was removed` }));
  const idle = <R extends Volume | ExportGroup>(resources: readonly R[]): R[] => resources.filter((resource) => !isMoving(resource));
  return [
    ...idle(activeOf(estate, 'Volume')).flatMap((volume) => judged(volume.id, referencesOf(volume))),
    ...idle(activeOf(estate, 'ExportGroup')).flatMap((group) => judged(group.id, home(group))),
  ];
};
