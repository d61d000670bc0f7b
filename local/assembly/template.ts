import * as z from 'zod';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const anything: z.ZodType<Json> = z.json();
const section = z.record(z.string(), anything).default({});

const resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), anything).default({}),
  Metadata: z.record(z.string(), anything).default({}),
  Condition: z.string().optional(),
});

const output = z.object({ Value: anything, Export: z.object({ Name: anything }).optional(), Condition: z.string().optional() });

/** What the host reads of a CloudFormation template. `Rules` and `Description` change nothing on one machine. */
export const template = z.object({
  Parameters: z.record(z.string(), z.object({ Default: anything.optional() })).default({}),
  Conditions: section,
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), output).default({}),
});

export type Template = z.infer<typeof template>;
export type TemplateResource = z.infer<typeof resource>;

export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Folders of file assets by the name they are published under, such as `<hash>.zip`. */
  readonly assets: ReadonlyMap<string, string>;
  /** The folder the template lies in: asset paths in metadata are relative to it. */
  readonly folder: string;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
