import type * as z from 'zod';
import { capabilitiesNeeded } from '../capabilities.ts';
import type { Capability } from '../capability-verbs.ts';

type Schemas = Readonly<Record<string, z.ZodType>>;

interface Family {
  inputs: Schemas;
  outputs: Schemas;
}

const identity = async (): Promise<Family> => {
  const { arrayIdentity } = await import('./observed.ts');
  return { inputs: {}, outputs: { identify: arrayIdentity, checkConnection: arrayIdentity } };
};

const observe = async (): Promise<Family> => {
  const { observeInputs, observeOutputs } = await import('./observe.ts');
  return { inputs: observeInputs, outputs: observeOutputs };
};

const block = async (): Promise<Family> => {
  const { blockInputs, blockOutputs } = await import('./block.ts');
  return { inputs: blockInputs, outputs: blockOutputs };
};

const copies = async (): Promise<Family> => {
  const { copyInputs, copyOutputs } = await import('./copies.ts');
  return { inputs: copyInputs, outputs: copyOutputs };
};

const operate = async (): Promise<Family> => {
  const { operateInputs, operateOutputs } = await import('./operate.ts');
  return { inputs: operateInputs, outputs: operateOutputs };
};

const families: { readonly [C in Capability]: () => Promise<Family> } = {
  discovery: observe,
  statistics: observe,
  events: observe,
  volume: block,
  'volume.expand': block,
  'volume.rename': block,
  'volume.qos': block,
  export: block,
  migration: block,
  adopt: block,
  snapshot: copies,
  'snapshot.restore': copies,
  'full-copy': copies,
  'full-copy.restore': copies,
  'consistency-group': copies,
  hosts: operate,
  maintenance: operate,
  'long-operation': operate,
};

/**
 * What a verb takes, if anything, and what it answers. A family's schemas are built with the first request for one of its verbs: building all
 * of them would be a large part of a function's start.
 */
export const schemasOf = async (verb: string): Promise<{ input: z.ZodType | undefined; output: z.ZodType | undefined }> => {
  const [capability] = capabilitiesNeeded(verb);
  const { inputs, outputs } = await (capability === undefined ? identity() : families[capability]());
  return { input: inputs[verb], output: outputs[verb] };
};
