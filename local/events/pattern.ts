import { AssemblyError } from '../assembly/load.ts';
import { isObject, type Json, type JsonObject } from '../assembly/template.ts';

export type Matches = (event: Json | undefined) => boolean;

const operators: Readonly<Record<string, (operand: Json) => Matches>> = {
  prefix: (operand) => (value) => typeof value === 'string' && value.startsWith(String(operand)),
  exists: (operand) => (value) => (value !== undefined) === operand,
  'anything-but'(operand) {
    const refused: readonly Json[] = Array.isArray(operand) ? operand : [operand];
    if (refused.some(isObject)) throw new AssemblyError('the host knows anything-but only with plain values');
    return (value) => value !== undefined && !refused.includes(value);
  },
};

function condition(wanted: Json): Matches {
  if (!isObject(wanted)) return (value) => value === wanted;
  const [[operator, operand] = ['', null], ...others] = Object.entries(wanted);
  const build = operators[operator];
  if (build === undefined || others.length > 0)
    throw new AssemblyError(`the host does not know ${JSON.stringify(wanted)} in an event pattern`);
  return build(operand);
}

function oneOf(wanted: readonly Json[]): Matches {
  const conditions = wanted.map(condition);
  return (value) => {
    const values = Array.isArray(value) ? value : [value];
    return conditions.some((matches) => values.some((each) => matches(each)));
  };
}

function allOf(pattern: JsonObject): Matches {
  const fields = Object.entries(pattern).map(([key, wanted]) => [key, patternOf(wanted)] as const);
  return (event) => fields.every(([key, matches]) => matches(isObject(event) ? event[key] : undefined));
}

/**
 * Decides whether an event fits an EventBridge pattern: lists of values, `prefix`, `exists` and `anything-but`, at any depth.
 * Throws `AssemblyError` for other operators.
 */
export function patternOf(pattern: Json): Matches {
  if (Array.isArray(pattern)) return oneOf(pattern);
  if (isObject(pattern)) return allOf(pattern);
  throw new AssemblyError(`an event pattern holds lists, not ${JSON.stringify(pattern)}`);
}
