import { type Context, compileConditions } from './conditions.ts';
import type { PlacedStatement, RawStatement } from './document.ts';
import { glob, type Matches, requireNoVariables } from './patterns.ts';
import { PolicyError } from './policy-error.ts';

export interface Question {
  action: string;
  resource: string;
  context: Context;
}

export interface Statement {
  effect: 'Allow' | 'Deny';
  applies(question: Question): boolean;
}

function checkAction(place: string, action: string): void {
  if (action !== '*' && !/^[a-z0-9-]+:[\w*?]+$/i.test(action)) throw new PolicyError(place, `${action} is no action`);
}

function checkResource(place: string, resource: string): void {
  requireNoVariables(place, resource);
  if (resource !== '*' && !resource.startsWith('arn:')) throw new PolicyError(place, `${resource} is neither * nor an ARN`);
}

interface Element {
  name: 'Action' | 'Resource';
  wanted: readonly string[] | undefined;
  excluded: readonly string[] | undefined;
  compile(pattern: string): Matches;
}

/** `Action` or `NotAction`, `Resource` or `NotResource`: exactly one of the two. */
function compileElement(place: string, { name, wanted, excluded, compile }: Element): Matches {
  const patterns = wanted ?? excluded;
  if (patterns === undefined || (wanted !== undefined && excluded !== undefined))
    throw new PolicyError(place, `needs exactly one of ${name} and Not${name}`);
  const matches = patterns.map(compile);
  return (text) => matches.some((pattern) => pattern(text)) === (wanted !== undefined);
}

function elements(place: string, raw: RawStatement): { action: Matches; resource: Matches } {
  const compileAction = (pattern: string) => {
    checkAction(place, pattern);
    return glob(pattern, 'i');
  };
  const compileResource = (pattern: string) => {
    checkResource(place, pattern);
    return glob(pattern);
  };
  return {
    action: compileElement(place, { name: 'Action', wanted: raw.Action, excluded: raw.NotAction, compile: compileAction }),
    resource: compileElement(place, { name: 'Resource', wanted: raw.Resource, excluded: raw.NotResource, compile: compileResource }),
  };
}

/** Throws `PolicyError` for whatever the statement says that is not understood. */
export function compileStatement({ place, raw }: PlacedStatement): Statement {
  const { action, resource } = elements(place, raw);
  const conditions = compileConditions(place, raw.Condition ?? {});
  return {
    effect: raw.Effect,
    applies: (question) => action(question.action) && resource(question.resource) && conditions(question.context),
  };
}
