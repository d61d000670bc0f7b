import type * as z from 'zod';
import { ControlPlaneError, type ErrorCode } from '../../core/errors.ts';
import { isSecretName } from './secret-names.ts';

type Kind = 'field' | 'parameter';

const longestValue = 60;

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text ? '.' : ''}${String(part)}`), '');

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined), input);

const shown = (value: unknown, path: readonly PropertyKey[]): string => {
  if (path.some((part) => isSecretName(String(part)))) return 'the value';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
};

const articles: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries', number: '', int: '' };

const bound = (issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string => {
  const [words, limit] = issue.code === 'too_big' ? ['at most', issue.maximum] : ['at least', issue.minimum];
  return `must ${units[issue.origin] ? 'have' : 'be'} ${words} ${limit}${units[issue.origin] ?? ''}`;
};

/** What would be right, as the end of a sentence. */
const wanted = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_type') return `must be ${articles[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_big' || issue.code === 'too_small') return bound(issue);
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_union') return `must be ${unionWords(issue)}`;
  if (issue.code === 'not_multiple_of') return `must be a multiple of ${issue.divisor}`;
  return `is not valid: ${issue.message}`;
};

const unionWords = (issue: z.core.$ZodIssueInvalidUnion): string =>
  [...new Set(issue.errors.flat().map((inner) => wanted(inner).replace(/^must be /, '')))].join(' or ');

interface Explained {
  readonly code: ErrorCode;
  readonly message: string;
}

const explain = (issue: z.core.$ZodIssue, input: unknown, kind: Kind): Explained => {
  const field = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => pathText([...issue.path, key])).join(', ');
    return { code: 'request.invalid', message: `unknown ${kind}${issue.keys.length > 1 ? 's' : ''}: ${names}` };
  }
  const value = valueAt(input, issue.path);
  if (value === undefined && field !== '') return { code: 'request.parameterMissing', message: `${field} is missing; it ${wanted(issue)}` };
  const numeric = (issue.code === 'too_big' || issue.code === 'too_small') && typeof value === 'number';
  return {
    code: numeric ? 'request.outOfRange' : 'request.parameterInvalid',
    message: `${field || 'the body'}: ${shown(value, issue.path)} ${wanted(issue)}`,
  };
};

const mostProblems = 5;

/** A mistyped name explains why another one is missing, so unknown names come first. */
const mostTelling = (issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] =>
  issues.toSorted((a, b) => Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys')).slice(0, mostProblems);

/** Everything that is wrong, the first problem deciding the code. */
export const parseWith = <S extends z.ZodType>(schema: S, input: unknown, kind: Kind): z.infer<S> => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = mostTelling(result.error.issues).map((issue) => explain(issue, input, kind));
  throw new ControlPlaneError(problems.map(({ message }) => message).join('; '), { code: problems[0]?.code ?? 'request.invalid' });
};
