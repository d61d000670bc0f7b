import * as z from 'zod';

const pattern = z.string().refine((text) => isPattern(text), 'must be a regular expression');

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const common = {
  match: z
    .strictObject({
      method: z.enum(['GET', 'POST']).optional(),
      /** Regular expression over the path as sent. */
      path: pattern.optional(),
      /** One word, such as `removeVolume`, `create`, `list`, `read`, `Statistics`, `queryIdByKey`, `login`. */
      verb: z.string().optional(),
      /** The first call it hits among those that match, counted from 1. */
      nth: z.number().int().positive().default(1),
    })
    .prefault({}),
  /** Real milliseconds before anything happens. */
  delayMs: z.number().int().nonnegative().max(600_000).default(0),
  /** How many calls it hits, from the nth on. */
  times: z.union([z.number().int().positive(), z.literal('always')]).default(1),
};

/** Whether the gateway misbehaves before or after the call had its effect. */
const when = z.enum(['before', 'after']).default('before');

/**
 * `failBefore`, `failAfter`: the connection is cut. `hang`: never answered. `garbage`: no JSON of the gateway's. `delay`: only late.
 * `failover`: the array loses its master before the call; so many calls fail, this one among them.
 */
export const faultRule = z.discriminatedUnion('effect', [
  z.strictObject({ ...common, effect: z.literal('failBefore') }),
  z.strictObject({ ...common, effect: z.literal('failAfter') }),
  z.strictObject({ ...common, effect: z.literal('delay') }),
  z.strictObject({ ...common, effect: z.literal('failover'), calls: z.number().int().positive().default(3) }),
  z.strictObject({ ...common, effect: z.literal('hang'), when }),
  z.strictObject({
    ...common,
    effect: z.literal('error'),
    when,
    error: z.strictObject({
      status: z.number().int().min(400).max(599).default(500),
      errorCode: z.number().int().default(0),
      message: z.string().default('Injected failure'),
    }),
  }),
  z.strictObject({
    ...common,
    effect: z.literal('garbage'),
    when,
    garbage: z.enum(['html', 'text', 'invalidJson', 'empty']).default('html'),
    status: z.number().int().min(200).max(599).default(200),
  }),
]);

export type FaultRule = z.output<typeof faultRule>;
export type FaultRuleInput = z.input<typeof faultRule>;

export interface CallFacts {
  method: string;
  path: string;
  verb: string;
}

interface Armed {
  rule: FaultRule;
  matched: number;
}

function matches({ match }: FaultRule, call: CallFacts): boolean {
  if (match.method !== undefined && match.method !== call.method) return false;
  if (match.verb !== undefined && match.verb !== call.verb) return false;
  return match.path === undefined || new RegExp(match.path).test(call.path);
}

function hits({ rule, matched }: Armed): boolean {
  const { nth } = rule.match;
  return matched >= nth && (rule.times === 'always' || matched < nth + rule.times);
}

/** The rules in force. Each counts the calls that match it; the first that hits decides. */
export class Faults {
  #armed: Armed[] = [];

  add(rule: FaultRule): void {
    this.#armed.push({ rule, matched: 0 });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): { rule: FaultRule; matched: number }[] {
    return this.#armed.map((armed) => ({ ...armed }));
  }

  next(call: CallFacts): FaultRule | undefined {
    const concerned = this.#armed.filter(({ rule }) => matches(rule, call));
    for (const armed of concerned) armed.matched += 1;
    return concerned.find(hits)?.rule;
  }
}
