import { PolicyError } from './policy-error.ts';

/** IAM's wildcards: `*` is any text, also none; `?` is one character. */

export type Matches = (text: string) => boolean;

const escaped = (text: string) => text.replace(/[.+^${}()|[\]\\]/g, '\\$&');

/** `flags` as of a regular expression: `i` ignores case. */
export function glob(pattern: string, flags = ''): Matches {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern) && flags === '') return (text) => text === pattern;
  const expression = new RegExp(`^${escaped(pattern).replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`);
  return (text) => expression.test(text);
}

const ARN_PARTS = 6;

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

/** Part by part, six of them: a wildcard does not reach beyond a colon, but for the last part. */
export function arnGlob(pattern: string): Matches {
  if (pattern === '*') return () => true;
  const parts = arnParts(pattern).map((part) => glob(part));
  return (text) => {
    const candidates = arnParts(text);
    return candidates.length === parts.length && parts.every((matches, at) => matches(String(candidates[at])));
  };
}

/** Policy variables, such as `${aws:username}`, are not evaluated here. */
export function requireNoVariables(place: string, text: string): void {
  if (text.includes('${')) throw new PolicyError(place, `the policy variable in ${text} is not supported`);
}
