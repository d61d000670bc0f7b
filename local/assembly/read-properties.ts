import * as z from 'zod';
import type { Resource } from './application.ts';
import { AssemblyError } from './load.ts';

/** The properties of a resource, or an `AssemblyError` that names the resource and what the host does not implement. */
export function readProperties<T>(resource: Resource, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(resource.properties);
  if (parsed.success) return parsed.data;
  const { stackName, logicalId, type } = resource;
  throw new AssemblyError(`${stackName}/${logicalId} (${type}) is more than the host implements: ${z.prettifyError(parsed.error)}`);
}
