import type { DriverDeclaration } from './driver.ts';
import { DriverError } from './errors.ts';
import type { Capability, CapabilityVerbs } from './verbs.ts';

/** The verbs that each capability stands for. */
export const capabilityVerbs: { readonly [C in Capability]: readonly (keyof CapabilityVerbs[C])[] } = {
  discovery: ['readInventory'],
  volume: ['ensureVolumes', 'ensureVolumesAbsent', 'readVolumes'],
  'volume.expand': ['expandVolumes'],
  export: ['ensureExports', 'ensureExportsAbsent', 'readExports'],
};

const capabilityOfVerb: ReadonlyMap<string, string> = new Map(
  Object.entries(capabilityVerbs).flatMap(([capability, verbs]) => verbs.map((verb): [string, string] => [verb, capability])),
);

/** Refuses a verb whose capability the driver does not declare; verbs of every driver pass. */
export const requireCapability = (declaration: DriverDeclaration, verb: string): void => {
  const capability = capabilityOfVerb.get(verb);
  if (capability === undefined || declaration.capabilities.some((declared) => declared === capability)) return;
  throw new DriverError(`${declaration.displayName} has no capability ${capability}`, {
    outcome: 'DriverRejected',
    code: 'capability.missing',
    facts: { capability, verb },
  });
};
