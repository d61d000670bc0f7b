import type * as z from 'zod';
import type { Capability } from './capability-verbs.ts';

/** What a declared capability means for this kind of array. */
export interface CapabilityDefinition<Limits extends z.ZodType = z.ZodType> {
  /** First version of the array's software that has it, such as `3.0`; absent: every version that the driver serves. */
  since?: string;
  /** Shape of an instance's `limits`; absent: that of `capabilityLimits`. */
  limits?: Limits;
}

/** What only this kind of array has; shown, never branched on. */
export type NativeCapability = `native.${string}`;

export type CapabilityDefinitions = { readonly [C in Capability | NativeCapability]?: CapabilityDefinition };
