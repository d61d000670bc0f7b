import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { type Stack, template } from './template.ts';

const artifact = z.object({
  type: z.string(),
  displayName: z.string().optional(),
  properties: z
    .object({
      templateFile: z.string().optional(),
      stackName: z.string().optional(),
      directoryName: z.string().optional(),
      file: z.string().optional(),
    })
    .default({}),
});

const manifest = z.object({ artifacts: z.record(z.string(), artifact).default({}) });

const assetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

type Artifacts = z.infer<typeof manifest>['artifacts'];

export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}

function readJson<T>(file: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new AssemblyError(`${file} is not what the host can read: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function assetsOf(folder: string, artifacts: Artifacts): Map<string, string> {
  const manifests = Object.values(artifacts).filter((found) => found.type === 'cdk:asset-manifest');
  const files = manifests.flatMap(({ properties }) =>
    properties.file === undefined ? [] : Object.values(readJson(join(folder, properties.file), assetManifest).files),
  );
  const published = files.flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }) => [objectKey, join(folder, source.path ?? '')] as const),
  );
  return new Map(published);
}

function stacksOf(folder: string): Stack[] {
  if (!existsSync(join(folder, 'manifest.json'))) throw new AssemblyError(`no cloud assembly in ${folder}: manifest.json is missing`);
  const { artifacts } = readJson(join(folder, 'manifest.json'), manifest);
  const assets = assetsOf(folder, artifacts);
  return Object.entries(artifacts).flatMap(([id, { type, properties }]) => {
    if (type === 'cdk:cloud-assembly') return stacksOf(join(folder, properties.directoryName ?? id));
    if (type !== 'aws:cloudformation:stack') return [];
    const file = join(folder, properties.templateFile ?? `${id}.template.json`);
    return [{ name: properties.stackName ?? id, template: readJson(file, template), assets, folder }];
  });
}

/** The stacks of a synthesized cloud assembly, those of nested assemblies (stages) included. */
export function loadAssembly(folder: string): Stack[] {
  const stacks = stacksOf(resolve(folder));
  if (stacks.length === 0) throw new AssemblyError(`the cloud assembly in ${folder} has no stacks`);
  return stacks;
}
