import type { Capability, CapabilityVerbs } from './capability-verbs.ts';
import type { DriverDeclaration } from './driver.ts';
import { DriverError } from './errors.ts';
import { isVersionAtLeast } from './version.ts';

/** The verbs that each capability stands for. */
export const capabilityVerbs: { readonly [C in Capability]: readonly (keyof CapabilityVerbs[C])[] } = {
  discovery: ['readInventory'],
  volume: ['ensureVolumes', 'ensureVolumesAbsent', 'readVolumes'],
  'volume.expand': ['expandVolumes'],
  'volume.rename': ['renameVolumes'],
  'volume.qos': ['ensureVolumeLimits'],
  export: ['ensureExports', 'ensureExportsAbsent', 'readExports'],
  hosts: ['ensureHosts', 'ensureHostsAbsent'],
  snapshot: ['ensureSnapshots', 'ensureSnapshotsAbsent', 'readSnapshots'],
  'snapshot.restore': ['restoreVolumes'],
  'full-copy': ['ensureFullCopies', 'ensureFullCopiesAbsent', 'detachFullCopies'],
  'full-copy.restore': ['restoreFromFullCopies'],
  'consistency-group': ['readGroups', 'ensureGroupsAbsent', 'detachGroups', 'restoreGroups'],
  migration: ['migrateVolumes'],
  adopt: ['adoptVolumes', 'releaseVolumes'],
  statistics: ['readStatistics'],
  events: ['readEvents'],
  maintenance: ['checkMaintenance', 'enterMaintenance', 'exitMaintenance'],
  'long-operation': ['pollOperation', 'cancelOperation'],
};

export const capabilityNames = Object.keys(capabilityVerbs) as Capability[];

const capabilityOfVerb: ReadonlyMap<string, Capability> = new Map(
  capabilityNames.flatMap((capability) => capabilityVerbs[capability].map((verb): [string, Capability] => [verb, capability])),
);

/** The capabilities that a request needs: its verb's, and that of groups where its input names one. */
export const capabilitiesNeeded = (verb: string, input?: unknown): readonly Capability[] => {
  const ofVerb = capabilityOfVerb.get(verb);
  if (ofVerb === undefined) return [];
  const grouped = typeof input === 'object' && input !== null && 'groupRef' in input && input.groupRef !== undefined;
  return grouped && (ofVerb === 'snapshot' || ofVerb === 'full-copy') ? [ofVerb, 'consistency-group'] : [ofVerb];
};

/** Refuses a verb whose capability the driver does not declare; verbs of every driver pass. */
export const requireCapability = (declaration: DriverDeclaration, verb: string, input?: unknown): void => {
  const missing = capabilitiesNeeded(verb, input).find((needed) => !declaration.capabilities.includes(needed));
  if (missing === undefined) return;
  throw new DriverError(`${declaration.displayName} has no capability ${missing}`, {
    outcome: 'DriverRejected',
    code: 'capability.missing',
    facts: { capability: missing, verb },
  });
};

/** The first of the needed capabilities that depends on the array's version, with the oldest version that has it. */
export const versionNeeded = (
  { capabilityDefinitions }: DriverDeclaration,
  verb: string,
  input?: unknown,
): readonly { capability: Capability; since: string }[] =>
  capabilitiesNeeded(verb, input).flatMap((capability) => {
    const since = capabilityDefinitions?.[capability]?.since;
    return since === undefined ? [] : [{ capability, since }];
  });

/** Refuses a verb that this array is too old for, naming the version that would have it. */
export const requireVersion = (needed: ReturnType<typeof versionNeeded>, verb: string, version: string): void => {
  const missing = needed.find(({ since }) => !isVersionAtLeast(version, since));
  if (missing === undefined) return;
  const { capability, since } = missing;
  throw new DriverError(`the array has no capability ${capability} before version ${since}; its version is ${version}`, {
    outcome: 'DriverRejected',
    code: 'capability.missing',
    facts: { capability, verb, since, version },
  });
};
