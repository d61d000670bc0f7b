import { AssemblyError } from './load.ts';
import { isObject, type Json, type JsonObject } from './template.ts';

/** What intrinsic functions may ask about the stack that they stand in. */
export interface Scope {
  /** Says where a value stands, for error messages: stack and logical id. */
  readonly place: string;
  /** A parameter, pseudo parameter or resource; undefined stands for `AWS::NoValue`. */
  ref(name: string): Json | undefined;
  attribute(logicalId: string, attribute: string): string;
  condition(name: string): boolean;
  importValue(exportName: string): Json | undefined;
}

type Intrinsic = (argument: Json, scope: Scope) => Json | undefined;

function fail(scope: Scope, problem: string): never {
  throw new AssemblyError(`${scope.place}: ${problem}`);
}

function text(value: Json | undefined, scope: Scope): string {
  const resolved = value === undefined ? undefined : resolveValue(value, scope);
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
  return fail(scope, `expected text, found ${JSON.stringify(resolved)}`);
}

function list(value: Json | undefined, scope: Scope): readonly Json[] {
  const resolved = value === undefined ? undefined : resolveValue(value, scope);
  return Array.isArray(resolved) ? resolved : fail(scope, `expected a list, found ${JSON.stringify(resolved)}`);
}

const argumentsOf = (value: Json, scope: Scope): readonly Json[] =>
  Array.isArray(value) ? value : fail(scope, `an intrinsic function has no argument list: ${JSON.stringify(value)}`);

function attribute(argument: Json, scope: Scope): string {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return scope.attribute(argument.slice(0, dot), argument.slice(dot + 1));
  }
  const [logicalId, name] = argumentsOf(argument, scope);
  return scope.attribute(text(logicalId, scope), text(name, scope));
}

function substitute(argument: Json, scope: Scope): string {
  const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = isObject(variables) ? variables : {};
  return String(pattern).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (own[name] !== undefined) return text(own[name], scope);
    return name.includes('.') && !name.startsWith('AWS::') ? attribute(name, scope) : text({ Ref: name }, scope);
  });
}

function isTrue(condition: Json, scope: Scope): boolean {
  if (isObject(condition) && typeof condition['Condition'] === 'string') return scope.condition(condition['Condition']);
  return resolveValue(condition, scope) === true;
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(text(argument, scope)),
  'Fn::GetAtt': attribute,
  'Fn::Sub': substitute,
  'Fn::ImportValue': (argument, scope) => scope.importValue(text(argument, scope)),
  'Fn::Join'(argument, scope) {
    const [delimiter, parts] = argumentsOf(argument, scope);
    return list(parts, scope)
      .map((part) => text(part, scope))
      .join(text(delimiter, scope));
  },
  'Fn::Select'(argument, scope) {
    const [index, from] = argumentsOf(argument, scope);
    return list(from, scope)[Number(text(index, scope))] ?? fail(scope, `Fn::Select: nothing at ${JSON.stringify(index)}`);
  },
  'Fn::Split'(argument, scope) {
    const [delimiter, source] = argumentsOf(argument, scope);
    return text(source, scope).split(text(delimiter, scope));
  },
  'Fn::If'(argument, scope) {
    const [name, yes, no] = argumentsOf(argument, scope);
    const chosen = scope.condition(String(name)) ? yes : no;
    return chosen === undefined ? undefined : resolveValue(chosen, scope);
  },
  'Fn::Equals'(argument, scope) {
    const [left, right] = argumentsOf(argument, scope);
    return text(left, scope) === text(right, scope);
  },
  'Fn::Not': (argument, scope) => !argumentsOf(argument, scope).some((each) => isTrue(each, scope)),
  'Fn::And': (argument, scope) => argumentsOf(argument, scope).every((each) => isTrue(each, scope)),
  'Fn::Or': (argument, scope) => argumentsOf(argument, scope).some((each) => isTrue(each, scope)),
};

/** The intrinsic function an object stands for; `Condition` beside other keys is an IAM statement, not an intrinsic. */
function intrinsicOf(value: JsonObject): string | undefined {
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::')) ? key : undefined;
}

function resolveObject(value: JsonObject, scope: Scope): JsonObject {
  const entries = Object.entries(value).map(([key, each]) => [key, resolveValue(each, scope)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function plainText(value: string, scope: Scope): string {
  if (value.includes('{{resolve:')) fail(scope, `dynamic references are not implemented: ${value}`);
  return value;
}

/**
 * The value with its intrinsic functions carried out; undefined is `AWS::NoValue`, which leaves a property out.
 * Throws `AssemblyError` for an intrinsic function that the host does not know.
 */
export function resolveValue(value: Json, scope: Scope): Json | undefined {
  if (typeof value === 'string') return plainText(value, scope);
  if (Array.isArray(value)) return value.map((each) => resolveValue(each, scope)).filter((each): each is Json => each !== undefined);
  if (!isObject(value)) return value;
  const name = intrinsicOf(value);
  if (name === undefined) return resolveObject(value, scope);
  const run = intrinsics[name] ?? fail(scope, `the intrinsic function ${name} is not implemented`);
  return run(value[name] ?? null, scope);
}
