import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { afterAll } from 'vitest';
import * as z from 'zod';
import { buildApp } from '../../cdk/app.ts';
import type { SeparateRoute } from '../../cdk/constructs/routes.ts';

const folder = mkdtempSync(join(tmpdir(), 'patina-infra-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const routes = [
  { method: 'GET', path: '/login', function: 'auth' },
  { method: 'GET', path: '/vdc/storage-providers', function: 'providers' },
  { method: 'POST', path: '/vdc/storage-providers/{id}/deactivate', function: 'providers' },
] as const;

export type Context = Readonly<Record<string, unknown>>;

export const build = (context: Context = {}, ownRoutes: readonly SeparateRoute[] = routes) =>
  buildApp({
    context,
    routes: ownRoutes,
    outdir: mkdtempSync(join(folder, 'assembly-')),
    codeOf: () => Code.fromInline('exports.handler = async () => {}'),
  });

const assemblies = new Map<string, CloudAssembly>();

/** The cloud assembly of a context, made once in a test file. */
export const assemblyOf = (context: Context = {}): CloudAssembly => {
  const key = JSON.stringify(context);
  const assembly = assemblies.get(key) ?? build(context).synth();
  assemblies.set(key, assembly);
  return assembly;
};

const resource = z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) });
const template = z.looseObject({ Resources: z.record(z.string(), resource) });

export type StackName = 'Application' | 'Data' | 'Network';
export type Resource = z.infer<typeof resource>;

export const resourcesOf = (stack: StackName, context: Context = {}): Readonly<Record<string, Resource>> =>
  template.parse(assemblyOf(context).getStackArtifact(stack).template).Resources;

/** Resources of a type, as a schema reads their properties. */
export const propertiesOf = <T extends z.ZodType>(
  resources: Readonly<Record<string, Resource>>,
  type: string,
  schema: T,
): readonly (readonly [logicalId: string, properties: z.infer<T>])[] =>
  Object.entries(resources)
    .filter(([, each]) => each.Type === type)
    .map(([id, each]) => [id, schema.parse(each.Properties)] as const);

export const text = (value: unknown): string => JSON.stringify(value);
