import * as z from 'zod';
import { capabilitiesNeeded } from './capabilities.ts';
import { contractVersion } from './driver.ts';
import { driverFailure, longOperation } from './wire/basics.ts';
import { driverDescription } from './wire/description.ts';
import { committedVolume } from './wire/identities.ts';
import {
  arrayIdentity,
  capabilityInstance,
  hostComponent,
  observedFullCopy,
  observedSnapshot,
  observedVolume,
  storagePool,
  volumeMapping,
} from './wire/observed.ts';
import { verbInputs, verbOutputs } from './wire/verbs.ts';
import { describeRequest, driverAnswer, driverRequest } from './wire.ts';

const shared: Readonly<Record<string, z.ZodType>> = {
  ArrayIdentity: arrayIdentity,
  CapabilityInstance: capabilityInstance,
  CommittedVolume: committedVolume,
  DriverFailure: driverFailure,
  HostComponent: hostComponent,
  LongOperation: longOperation,
  ObservedFullCopy: observedFullCopy,
  ObservedSnapshot: observedSnapshot,
  ObservedVolume: observedVolume,
  StoragePool: storagePool,
  VolumeMapping: volumeMapping,
};

const definitionsOf = (schemas: Readonly<Record<string, z.ZodType>>): Readonly<Record<string, unknown>> => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const { schemas: definitions } = z.toJSONSchema(registry, { io: 'input', unrepresentable: 'any', uri: (id) => `#/$defs/${id}` });
  return Object.fromEntries(
    Object.entries(definitions).map(([id, definition]) => {
      const { $schema: _schema, $id: _id, ...rest } = definition as Record<string, unknown>;
      return [id, rest];
    }),
  );
};

const withoutInput = ['checkConnection', 'identify'];

const verbDefinitions = (): Readonly<Record<string, z.ZodType>> =>
  Object.fromEntries([
    ...Object.entries(verbInputs).map(([verb, schema]) => [`${verb}.input`, schema.clone()] as const),
    ...Object.entries(verbOutputs).map(([verb, schema]) => [`${verb}.output`, schema.clone()] as const),
  ]);

/** The whole contract as one JSON Schema, for drivers in any language. `$defs` holds `<verb>.input` and `<verb>.output` for each verb. */
export const driverSchema = (): Readonly<Record<string, unknown>> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'The driver contract',
  description:
    'One JSON request, one JSON answer. `request.input` has the shape `<verb>.input`, `answer.output` the shape `<verb>.output`.',
  contractVersion,
  verbs: Object.fromEntries(
    Object.keys(verbOutputs).map((verb) => [
      verb,
      {
        capability: capabilitiesNeeded(verb)[0] ?? 'every driver',
        ...(withoutInput.includes(verb) ? {} : { input: { $ref: `#/$defs/${verb}.input` } }),
        output: { $ref: `#/$defs/${verb}.output` },
      },
    ]),
  ),
  $defs: definitionsOf({
    request: driverRequest,
    answer: driverAnswer,
    'describe.request': describeRequest,
    'describe.output': driverDescription,
    ...shared,
    ...verbDefinitions(),
  }),
});
