import * as z from 'zod';
import { PolicyError } from './policy-error.ts';

/** The grammar of policy documents, as far as it is evaluated here. What is not in it is an error. */

const words = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const scalars = z.union([z.string(), z.number(), z.boolean()]);
const values = z.union([scalars, z.array(scalars)]).transform((value) => [value].flat().map(String));

const principal = z.union([z.literal('*'), z.strictObject({ AWS: words.optional(), Service: words.optional() })]);

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.optional(),
  Action: words.optional(),
  NotAction: words.optional(),
  Resource: words.optional(),
  NotResource: words.optional(),
  Condition: z.record(z.string(), z.record(z.string(), values)).optional(),
});

const document = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.union([z.unknown().array(), z.record(z.string(), z.unknown())]).transform((value) => [value].flat()),
});

export type Principal = z.infer<typeof principal>;
export type RawStatement = z.infer<typeof statement>;

export interface PlacedStatement {
  place: string;
  raw: RawStatement;
}

const issueText = ({ issues }: z.ZodError) => issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim()).join('; ');

/** Parses with a schema; throws `PolicyError` that tells the place. */
export function parseAs<T>(schema: z.ZodType<T>, place: string, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new PolicyError(place, issueText(parsed.error));
  return parsed.data;
}

/** The statements of a policy document, each with the place to name when something is wrong with it. */
export function parseDocument(place: string, value: unknown): PlacedStatement[] {
  return parseAs(document, place, value).Statement.map((each, at) => {
    const name = typeof each === 'object' && each !== null && 'Sid' in each ? String(each.Sid) : String(at);
    const statementPlace = `${place}, statement ${name}`;
    return { place: statementPlace, raw: parseAs(statement, statementPlace, each) };
  });
}
