import { age, ageingRefusal, type Census, missingOf } from '../../core/discovery/ageing.ts';
import { changed } from '../../core/inventory/changes.ts';
import { taskIdOf } from '../../core/urn.ts';
import type { Discovery } from './begin-discovery.ts';
import type { PhysicalWalk } from './discover-physical.ts';
import { type MissingVolumes, missingVolumes, noVolumes, storeMissing } from './missing-volumes.ts';
import type { ControlPorts } from './ports.ts';
import { transactAll } from './store-writes.ts';
import type { VolumeWalk } from './volume-walk.ts';

interface Views {
  readonly physical: PhysicalWalk;
  readonly walk: VolumeWalk;
  /** Of the walk through the volumes. */
  readonly isComplete: boolean;
}

/** Keeps with the provider what an administrator may accept; ends with the first discovery that may age. */
const noteRefusal = async (ports: ControlPorts, { provider, operation, author }: Discovery, census: Census | undefined): Promise<void> => {
  const since = provider.ageingStopped?.since ?? author.at;
  const ageingStopped = census && { since, missing: census.missing, known: census.known };
  const guard = { when: [{ attribute: 'activeTaskId', is: '=', value: taskIdOf(operation.id, provider.id) }] } as const;
  await transactAll(ports, [changed(provider, { ageingStopped }, { author, guard })]);
};

/** How many of an array's objects are known, as far as its answer was complete. */
const knownCount = ({ known }: Discovery, { physical, walk, isComplete }: Views, volumes: MissingVolumes): number => {
  const things = physical.isComplete ? known.filter((row) => row['inactive'] !== true).length : 0;
  return things + (isComplete ? walk.known.owners.size + volumes.knownOthers : 0);
};

/** Only of what was read completely. More missing than is believed stops all of it, and alerts. */
export const ageMissing = async (ports: ControlPorts, discovery: Discovery, views: Views): Promise<void> => {
  const { physical, walk, isComplete } = views;
  if (!physical.isComplete && !isComplete) return;
  const things = physical.isComplete ? missingOf(discovery.known, physical.found) : [];
  const volumes = isComplete ? await missingVolumes(ports, discovery, walk) : noVolumes;
  const census = { missing: things.length + volumes.newlyMissing, known: knownCount(discovery, views, volumes) };
  const refusal = ageingRefusal(census, discovery.plan.acceptMissing);
  await noteRefusal(ports, discovery, refusal === undefined ? undefined : census);
  if (refusal !== undefined) {
    ports.count('AgeingStopped');
    ports.log.error('discovered objects are not aged', { providerId: discovery.provider.id, refusal });
    return;
  }
  await transactAll(ports, age(things, discovery.author));
  await storeMissing(ports, discovery, { walk, volumes });
};
