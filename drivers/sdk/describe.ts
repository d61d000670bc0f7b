import * as z from 'zod';
import { limitsSchema } from './capability-limits.ts';
import type { Capability } from './capability-verbs.ts';
import { contractVersion, type DriverDeclaration } from './driver.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A declaration as plain data: what a driver in another process, or language, tells about itself. */
export interface DriverDescription {
  contractVersion: number;
  type: string;
  displayName: string;
  interfaceType: string;
  systemType: string;
  protocols: readonly string[];
  capabilities: readonly Capability[];
  /** By capability. `limits`: JSON Schema of what an instance tells. */
  capabilityDefinitions: Readonly<Record<string, { since?: string | undefined; limits?: JsonSchema | undefined }>>;
  /** JSON Schema of the property bag. */
  options: JsonSchema;
  defaultPort: number;
  plainHttpAllowed: boolean;
  maxNameLength: number;
  namePrefix: string;
  graceSeconds: number;
  maxConcurrentOperations: number;
}

const jsonSchemaOf = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

const definitionsOf = (declaration: DriverDeclaration): DriverDescription['capabilityDefinitions'] => {
  const native = Object.entries(declaration.capabilityDefinitions ?? {}).filter(([id]) => id.startsWith('native.'));
  const own = declaration.capabilities.map((capability) => {
    const since = declaration.capabilityDefinitions?.[capability]?.since;
    return [capability, { ...(since === undefined ? {} : { since }), limits: jsonSchemaOf(limitsSchema(declaration, capability)) }];
  });
  const natives = native.map(([id, definition]) => [
    id,
    {
      ...(definition?.since === undefined ? {} : { since: definition.since }),
      ...(definition?.limits === undefined ? {} : { limits: jsonSchemaOf(definition.limits) }),
    },
  ]);
  return Object.fromEntries([...own, ...natives]);
};

export const describeDriver = (declaration: DriverDeclaration): DriverDescription => ({
  contractVersion,
  type: declaration.type,
  displayName: declaration.displayName,
  interfaceType: declaration.interfaceType,
  systemType: declaration.systemType,
  protocols: declaration.protocols,
  capabilities: declaration.capabilities,
  capabilityDefinitions: definitionsOf(declaration),
  options: jsonSchemaOf(declaration.options),
  defaultPort: declaration.defaultPort,
  plainHttpAllowed: declaration.plainHttpAllowed ?? false,
  maxNameLength: declaration.maxNameLength,
  namePrefix: declaration.namePrefix,
  graceSeconds: declaration.graceSeconds,
  maxConcurrentOperations: declaration.maxConcurrentOperations,
});
