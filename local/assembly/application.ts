import { join } from 'node:path';
import { type Identity, identify } from './identity.ts';
import { resolveValue, type Scope } from './intrinsics.ts';
import { AssemblyError } from './load.ts';
import { type ImplementedType, ignoredTypes, isImplemented } from './resource-types.ts';
import type { Json, JsonObject, Stack, TemplateResource } from './template.ts';

export interface Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: ImplementedType;
  readonly name: string;
  /** What `Ref` gives; of queues and secrets only known once their endpoints run. */
  readonly ref: string;
  /** With all intrinsic functions carried out. */
  readonly properties: JsonObject;
  /** The folder with a function's code. */
  readonly assetFolder?: string;
}

/** What only running endpoints know. */
export interface LateNames {
  queueUrl(queueName: string): string;
  secretArn(secretName: string): string;
}

export interface ApplicationOptions {
  readonly region: string;
  readonly accountId: string;
  readonly late: LateNames;
}

export interface Application {
  /** All resources of the types, in the order of the templates. Queue URLs and secret ARNs must be known if they refer to them. */
  ofType(...types: readonly ImplementedType[]): Resource[];
  /** The value of a stack's output; undefined when no stack has such an output. */
  output(name: string): Json | undefined;
}

interface Located {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly resource: TemplateResource;
}

interface World extends ApplicationOptions {
  readonly stacks: readonly Stack[];
  readonly identities: Map<string, Identity>;
}

const pseudoParameters = ({ region, accountId }: ApplicationOptions, stack: Stack): Readonly<Record<string, string>> => ({
  'AWS::AccountId': accountId,
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stack.name}/local`,
  'AWS::StackName': stack.name,
  'AWS::URLSuffix': 'amazonaws.com',
});

function arn({ region, accountId }: ApplicationOptions, service: string, resource: string): string {
  return `arn:aws:${service}:${service === 'iam' ? '' : region}:${accountId}:${resource}`;
}

function exported(world: World, exportName: string): Json | undefined {
  for (const stack of world.stacks) {
    const scope = scopeOf(world, stack, `${stack.name} outputs`);
    const found = Object.values(stack.template.Outputs).find(
      (each) => each.Export !== undefined && resolveValue(each.Export.Name, scope) === exportName,
    );
    if (found !== undefined) return resolveValue(found.Value, scope);
  }
  throw new AssemblyError(`no stack exports ${exportName}`);
}

/** The parts of the world that no machine of ours has are named, never used: nothing implemented reads them. */
const ignoredIdentity = (stack: Stack, logicalId: string): Identity => ({
  name: logicalId,
  ref: () => `${stack.name}-${logicalId}`,
  attributes: {},
});

function identityOf(world: World, stack: Stack, logicalId: string): Identity {
  const key = `${stack.name}/${logicalId}`;
  const known = world.identities.get(key);
  if (known !== undefined) return known;
  const resource = stack.template.Resources[logicalId];
  if (resource === undefined) throw new AssemblyError(`${stack.name}: there is no resource ${logicalId}`);
  const scope = scopeOf(world, stack, key);
  const property = (name: string) => {
    const value = resource.Properties[name];
    return value === undefined ? undefined : resolveValue(value, scope);
  };
  const source = {
    ...world.late,
    stackName: stack.name,
    logicalId,
    property,
    arn: (service: string, id: string) => arn(world, service, id),
  };
  const identity = isImplemented(resource.Type) ? identify(resource.Type, source) : ignoredIdentity(stack, logicalId);
  world.identities.set(key, identity);
  return identity;
}

function attributeOf(world: World, stack: Stack, [logicalId, attribute]: readonly [string, string]): string {
  const type = stack.template.Resources[logicalId]?.Type ?? '';
  if (type in ignoredTypes) return arn(world, 'ignored', `${stack.name}-${logicalId}/${attribute}`);
  const found = identityOf(world, stack, logicalId).attributes[attribute];
  if (found === undefined) throw new AssemblyError(`${stack.name}/${logicalId}: Fn::GetAtt ${attribute} of ${type} is not implemented`);
  return found();
}

function refOf(world: World, stack: Stack, name: string): Json | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const pseudo = pseudoParameters(world, stack)[name];
  if (pseudo !== undefined) return pseudo;
  const parameter = stack.template.Parameters[name];
  if (parameter === undefined) return identityOf(world, stack, name).ref();
  if (parameter.Default === undefined) throw new AssemblyError(`${stack.name}: the parameter ${name} has no default`);
  return parameter.Default;
}

function scopeOf(world: World, stack: Stack, place: string): Scope {
  const scope: Scope = {
    place,
    ref: (name) => refOf(world, stack, name),
    attribute: (...of) => attributeOf(world, stack, of),
    importValue: (exportName) => exported(world, exportName),
    condition(name) {
      const condition = stack.template.Conditions[name];
      if (condition === undefined) throw new AssemblyError(`${stack.name}: there is no condition ${name}`);
      return resolveValue(condition, scope) === true;
    },
  };
  return scope;
}

function assetFolderOf({ stack, logicalId, resource }: Located): string {
  const path = resource.Metadata['aws:asset:path'];
  const published = stack.assets.get(String(Object(resource.Properties['Code'])['S3Key']));
  const folder = typeof path === 'string' ? join(stack.folder, path) : published;
  if (folder === undefined) throw new AssemblyError(`${stack.name}/${logicalId}: the function's code is no asset folder`);
  return folder;
}

function resolveResource(world: World, type: ImplementedType, located: Located): Resource {
  const { stack, logicalId, resource } = located;
  const { name, ref } = identityOf(world, stack, logicalId);
  const properties = resolveValue(resource.Properties, scopeOf(world, stack, `${stack.name}/${logicalId} (${type})`)) as JsonObject;
  const asset = type === 'AWS::Lambda::Function' ? { assetFolder: assetFolderOf(located) } : {};
  return {
    stackName: stack.name,
    logicalId,
    type,
    name,
    get ref() {
      return ref();
    },
    properties,
    ...asset,
  };
}

function located(world: World): Located[] {
  return world.stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, { Condition }]) => Condition === undefined || scopeOf(world, stack, stack.name).condition(Condition))
      .map(([logicalId, resource]) => ({ stack, logicalId, resource })),
  );
}

function refuseUnknownTypes(resources: readonly Located[]): void {
  const unknown = resources.filter(({ resource }) => !isImplemented(resource.Type) && !(resource.Type in ignoredTypes));
  if (unknown.length === 0) return;
  const named = unknown.map(({ stack, logicalId, resource }) => `${stack.name}/${logicalId} is a ${resource.Type}`);
  throw new AssemblyError(`the host knows no such resources: ${named.join('; ')}`);
}

/**
 * The application of a cloud assembly, with physical names and ARNs as one account and region would give them.
 * Throws `AssemblyError`, naming stack, logical id and type, for whatever the host does not implement.
 */
export function openApplication(stacks: readonly Stack[], options: ApplicationOptions): Application {
  const world: World = { ...options, stacks, identities: new Map() };
  const resources = located(world);
  refuseUnknownTypes(resources);
  return {
    ofType: (...types) =>
      resources.flatMap((each) => {
        const type = types.find((wanted) => wanted === each.resource.Type);
        return type === undefined ? [] : [resolveResource(world, type, each)];
      }),
    output(name) {
      const stack = stacks.find((each) => name in each.template.Outputs);
      const found = stack?.template.Outputs[name];
      return stack === undefined || found === undefined
        ? undefined
        : resolveValue(found.Value, scopeOf(world, stack, `${stack.name} outputs`));
    },
  };
}
