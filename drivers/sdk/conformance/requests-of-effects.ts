import * as z from 'zod';
import { type Effect, effects } from './target.ts';

const pattern = z.string().refine((text) => isPattern(text), 'must be a regular expression');

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Which requests have which effect on the array: a method, and a regular expression over the path with its query. */
export const requestsOfEffects = z.partialRecord(z.enum(effects), z.strictObject({ method: z.string().min(1), path: pattern }));
export type RequestsOfEffects = z.infer<typeof requestsOfEffects>;

export interface RequestLine {
  method: string;
  /** With its query, as sent. */
  path: string;
}

/** Tells the requests of an effect; undefined where nobody said which they are. */
export const matcherOf = (known: RequestsOfEffects, effect: Effect): ((line: RequestLine) => boolean) | undefined => {
  const wanted = known[effect];
  if (wanted === undefined) return undefined;
  const path = new RegExp(wanted.path);
  return (line) => line.method === wanted.method && path.test(line.path);
};
