import { arnGlob, glob, type Matches, requireNoVariables } from './patterns.ts';
import { PolicyError } from './policy-error.ts';

/** Condition keys in lower case, as IAM ignores their case, with their values. */
export type Context = ReadonlyMap<string, readonly string[]>;

export type Condition = (context: Context) => boolean;

type Comparison = (wanted: string) => Matches;

interface Operator {
  compare: Comparison;
  /** True when a value must match none of the wanted ones. */
  isNegated: boolean;
}

const numeric = (holds: (actual: number, wanted: number) => boolean): Comparison => {
  return (wanted) => (actual) => actual !== '' && holds(Number(actual), Number(wanted));
};

const equals: Comparison = (wanted) => (actual) => actual === wanted;
const equalsIgnoringCase: Comparison = (wanted) => (actual) => actual.toLowerCase() === wanted.toLowerCase();
const like: Comparison = (wanted) => glob(wanted);
const sameNumber = numeric((actual, wanted) => actual === wanted);

const is = (compare: Comparison): Operator => ({ compare, isNegated: false });
const isNot = (compare: Comparison): Operator => ({ compare, isNegated: true });

const operators: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', is(equals)],
  ['StringNotEquals', isNot(equals)],
  ['StringEqualsIgnoreCase', is(equalsIgnoringCase)],
  ['StringNotEqualsIgnoreCase', isNot(equalsIgnoringCase)],
  ['StringLike', is(like)],
  ['StringNotLike', isNot(like)],
  ['ArnEquals', is(arnGlob)],
  ['ArnLike', is(arnGlob)],
  ['ArnNotEquals', isNot(arnGlob)],
  ['ArnNotLike', isNot(arnGlob)],
  ['Bool', is(equalsIgnoringCase)],
  ['NumericEquals', is(sameNumber)],
  ['NumericNotEquals', isNot(sameNumber)],
  ['NumericLessThan', is(numeric((actual, wanted) => actual < wanted))],
  ['NumericLessThanEquals', is(numeric((actual, wanted) => actual <= wanted))],
  ['NumericGreaterThan', is(numeric((actual, wanted) => actual > wanted))],
  ['NumericGreaterThanEquals', is(numeric((actual, wanted) => actual >= wanted))],
]);

interface Test {
  key: string;
  /** Whether one value of the request satisfies the condition. */
  holds: Matches;
  operator: Operator;
}

/** How the values of a key, if there are any, are taken together. */
type Quantifier = (test: Test, values: readonly string[]) => boolean;

/** Without a set operator an absent key satisfies only a negated one. */
const single: Quantifier = ({ holds, operator }, values) => (operator.isNegated ? values.every(holds) : values.some(holds));

const quantifiers: ReadonlyMap<string, Quantifier> = new Map<string, Quantifier>([
  ['', single],
  ['ForAllValues:', ({ holds }, values) => values.every(holds)],
  ['ForAnyValue:', ({ holds }, values) => values.some(holds)],
]);

interface ParsedOperator {
  quantifier: Quantifier;
  operator: Operator;
  ifExists: boolean;
}

function parseOperator(place: string, text: string): ParsedOperator {
  const [, prefix = '', name = '', suffix = ''] = /^(\w+:)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  const quantifier = quantifiers.get(prefix);
  const operator = operators.get(name);
  if (quantifier === undefined || operator === undefined) throw new PolicyError(place, `the condition operator ${text} is not supported`);
  return { quantifier, operator, ifExists: suffix !== '' };
}

function checkKey(place: string, key: string): void {
  if (!/^[\w-]+:[\w/.=@-]+$/.test(key)) throw new PolicyError(place, `${key} is no condition key`);
}

function compileNull(key: string, wanted: readonly string[]): Condition {
  const mustBeAbsent = wanted.includes('true');
  return (context) => (context.get(key) === undefined) === mustBeAbsent;
}

function checkNumbers(place: string, text: string, wanted: readonly string[]): void {
  const wrong = text.includes('Numeric') ? wanted.find((value) => value === '' || Number.isNaN(Number(value))) : undefined;
  if (wrong !== undefined) throw new PolicyError(place, `${text} needs numbers, not ${wrong}`);
}

function compileTest(place: string, text: string, [name, wanted]: [string, readonly string[]]): Condition {
  checkKey(place, name);
  for (const value of wanted) requireNoVariables(place, value);
  checkNumbers(place, text, wanted);
  const key = name.toLowerCase();
  if (text === 'Null') return compileNull(key, wanted);
  const { quantifier, operator, ifExists } = parseOperator(place, text);
  const comparisons = wanted.map(operator.compare);
  const holds: Matches = (actual) => comparisons.some((matches) => matches(actual)) !== operator.isNegated;
  const test = { key, holds, operator };
  return (context) => {
    const values = context.get(key);
    return values === undefined && ifExists ? true : quantifier(test, values ?? []);
  };
}

/** All conditions of a statement must hold. Throws `PolicyError` for an operator, key or value that is not understood. */
export function compileConditions(
  place: string,
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): Condition {
  const tests = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map((test) => compileTest(place, operator, test)),
  );
  return (context) => tests.every((holds) => holds(context));
}
